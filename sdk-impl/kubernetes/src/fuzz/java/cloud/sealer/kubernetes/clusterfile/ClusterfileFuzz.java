package cloud.sealer.kubernetes.clusterfile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

/** Texts made by a fuzzer: each is a Clusterfile that survives its own text, or has mistakes. */
@Tag("fuzz")
class ClusterfileFuzz {
  @FuzzTest(maxDuration = "1m")
  void anyText(byte[] bytes) {
    ClusterfilePropertyTest.check(new String(bytes, StandardCharsets.UTF_8));
  }
}
