package cloud.sealer.core.build;

import cloud.sealer.core.kubefile.Variables;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Platform;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The arguments that every build has: {@code TARGETPLATFORM}, {@code TARGETOS}, {@code TARGETARCH}
 * and {@code TARGETVARIANT}, as Docker calls them, have a value once an {@code ARG} declares them;
 * {@code ARCH} has one in the paths of {@code COPY} even without, as sealer has it.
 */
final class TargetArgs {
  private static final String ARCH = "ARCH";

  private TargetArgs() {}

  /** The arguments of a build, with those for its platform where the build gives no other value. */
  static Map<String, String> with(Map<String, String> given, Platform platform) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("TARGETPLATFORM", platform.toString());
    all.put("TARGETOS", platform.os());
    all.put("TARGETARCH", platform.architecture());
    all.put("TARGETVARIANT", platform.variant());
    all.put(ARCH, platform.architecture());
    all.putAll(given);
    return all;
  }

  /** What is declared in the paths of a {@code COPY}. */
  static Variables inCopy(Variables declared, Instruction.Copy copy) {
    return declared.declared().contains(ARCH)
        ? declared
        : declared.after(new Instruction.Arg(ARCH, null, copy.position()));
  }
}
