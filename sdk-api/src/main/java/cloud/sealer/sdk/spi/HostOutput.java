package cloud.sealer.sdk.spi;

import java.io.IOException;

/** Gets what a command prints, in pieces, from one thread at a time for each stream. */
public interface HostOutput {
  /** Drops everything. */
  HostOutput NONE =
      new HostOutput() {
        @Override
        public void stdout(byte[] bytes, int offset, int length) {}

        @Override
        public void stderr(byte[] bytes, int offset, int length) {}
      };

  /**
   * A piece of standard output.
   *
   * @param bytes holds the piece; not to be kept
   * @param offset where it begins
   * @param length how long it is
   * @throws IOException to end the command
   */
  void stdout(byte[] bytes, int offset, int length) throws IOException;

  /**
   * A piece of standard error.
   *
   * @param bytes holds the piece; not to be kept
   * @param offset where it begins
   * @param length how long it is
   * @throws IOException to end the command
   */
  void stderr(byte[] bytes, int offset, int length) throws IOException;
}
