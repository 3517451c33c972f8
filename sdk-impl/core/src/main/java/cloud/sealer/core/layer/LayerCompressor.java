package cloud.sealer.core.layer;

import java.io.IOException;

/** Turns the chunks of a tar into a blob. Called by one thread at a time. */
interface LayerCompressor extends AutoCloseable {
  /**
   * Takes the next chunk; all but the last are full. One that is used after the call returns is
   * retained.
   *
   * @throws IOException if the result cannot be written
   */
  void write(Chunk chunk) throws IOException;

  /**
   * Writes what is left.
   *
   * @throws IOException if the result cannot be written
   */
  void finish() throws IOException;

  @Override
  default void close() {}
}
