// Runs on whatever Node there is, so that an old one is named instead of failing in the middle.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Continuo needs Node 22.18 or newer and runs on ${process.version}.\n` +
      'npm brings a newer one as a dev dependency: run "npm ci" without --ignore-scripts, then use npm scripts ("npm start").\n',
  );
  process.exit(1);
}
