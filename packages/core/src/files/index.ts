export { DOCUMENTS, FILE_BYTES, FILES_PER_MESSAGE, fileProblem, MEDIA } from './limits.ts';
export { downloadFile, type FileToUpload, type UploadOptions, uploadFile } from './upload-file.ts';
