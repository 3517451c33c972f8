package cloud.sealer.core.kubefile;

import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SourcePosition;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/**
 * Texts made by a fuzzer: each is a Kubefile that survives its own text, or has mistakes within it.
 */
@Tag("fuzz")
class KubefileFuzz {
  @FuzzTest(maxDuration = "1m")
  void anyText(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    KubefilePropertyTest.check(text);
    Instruction.Arg arg = new Instruction.Arg("a", "1", SourcePosition.NONE);
    Variables variables = Variables.of(Map.of()).after(arg);
    try {
      variables.substitute(text, new Instruction.Run("x", SourcePosition.NONE));
      variables.substitute(text, arg);
    } catch (SealerException e) {
      throw new AssertionError("an argument with a value cannot be missing", e);
    }
  }
}
