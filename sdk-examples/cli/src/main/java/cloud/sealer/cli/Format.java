package cloud.sealer.cli;

/** How a command prints its result. */
enum Format {
  /** For people. */
  TEXT,
  /** For programs. */
  JSON
}
