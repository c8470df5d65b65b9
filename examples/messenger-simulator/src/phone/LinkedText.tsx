/** Text with its http(s) addresses made clickable, each line with a direction of its own. */
export const LinkedText = ({ text }: { text: string }) => (
  <>
    {text.split('\n').map((line, index) => (
      <p key={`${index}:${line}`} dir="auto">
        {line.split(/(https?:\/\/[^\s<>"]+)/).map((part, position) =>
          position % 2 === 1 ? (
            <a key={`${position}:${part}`} href={part} dir="ltr">
              {part}
            </a>
          ) : (
            part
          ),
        )}
      </p>
    ))}
  </>
);
