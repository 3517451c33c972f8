package cloud.sealer.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CipherWarmupTest {
  @Test
  void aLongStreamIsPassedOnAsItIs() throws Exception {
    byte[] bytes = new byte[6_000_000];
    new Random(1).nextBytes(bytes);
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream out = new CipherWarmup().watch(target)) {
      out.write(bytes[0]);
      for (int at = 1; at < bytes.length; ) {
        int length = Math.min(100_000, bytes.length - at);
        out.write(bytes, at, length);
        at += length;
      }
    }
    assertThat(target.toByteArray()).isEqualTo(bytes);
  }
}
