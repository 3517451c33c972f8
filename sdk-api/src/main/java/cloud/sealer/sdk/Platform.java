package cloud.sealer.sdk;

import java.util.Locale;
import java.util.Objects;

/**
 * An operating system and processor architecture, in Go's words as OCI prescribes: {@code
 * linux/amd64}, {@code linux/arm/v7}.
 *
 * <p>Common other spellings are normalised ({@code x86_64} is {@code amd64}, {@code aarch64} is
 * {@code arm64}, {@code arm64/v8} is {@code arm64}, {@code arm} is {@code arm/v7}), so equal
 * platforms are equal values.
 *
 * @param os the operating system, such as {@code linux}
 * @param architecture the processor architecture, such as {@code amd64}
 * @param variant the variant of the architecture, such as {@code v7}; empty when there is none
 */
public record Platform(String os, String architecture, String variant)
    implements Comparable<Platform> {
  /** 64-bit x86 Linux. */
  public static final Platform LINUX_AMD64 = new Platform("linux", "amd64", "");

  /** 64-bit ARM Linux. */
  public static final Platform LINUX_ARM64 = new Platform("linux", "arm64", "");

  /** Normalises spelling. */
  public Platform {
    os = normal(os, "os");
    architecture = normal(architecture, "architecture");
    variant = variant.isEmpty() ? "" : normal(variant, "variant");
    switch (architecture) {
      case "x86_64", "x86-64" -> architecture = "amd64";
      case "aarch64" -> architecture = "arm64";
      case "armhf" -> {
        architecture = "arm";
        variant = "v7";
      }
      case "armel" -> {
        architecture = "arm";
        variant = "v6";
      }
      case "i386", "i686" -> architecture = "386";
      default -> {}
    }
    variant = normalVariant(architecture, variant);
  }

  /** The rules of containerd, so that what docker takes for one platform is one. */
  private static String normalVariant(String architecture, String variant) {
    return switch (architecture + "/" + variant) {
      case "arm64/v8", "arm64/8", "amd64/v1" -> "";
      case "arm/", "arm/7" -> "v7";
      case "arm/5", "arm/6", "arm/8" -> "v" + variant;
      default -> variant;
    };
  }

  private static String normal(String part, String what) {
    String text = Objects.requireNonNull(part, what).toLowerCase(Locale.ROOT);
    if (!text.matches("[a-z0-9_.-]+")) {
      throw new IllegalArgumentException(
          "platform " + what + " must be a plain word, got \"" + part + "\"");
    }
    return text;
  }

  /**
   * Reads {@code os/architecture} or {@code os/architecture/variant}.
   *
   * @param text the platform
   * @return the platform, normalised
   * @throws IllegalArgumentException if the text has another shape
   */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException(
          "platform must be os/architecture or os/architecture/variant, got \"" + text + "\"");
    }
    if (parts.length == 3 && parts[2].isEmpty()) {
      throw new IllegalArgumentException("platform ends with a slash: \"" + text + "\"");
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
  }

  @Override
  public int compareTo(Platform other) {
    return toString().compareTo(other.toString());
  }

  /** Returns {@code os/architecture}, with {@code /variant} when there is one. */
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
