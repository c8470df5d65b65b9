export { type IdentityUser, type SignIdentity, signIdentity } from './sign-identity.ts';
