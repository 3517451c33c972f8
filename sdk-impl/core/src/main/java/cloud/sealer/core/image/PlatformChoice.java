package cloud.sealer.core.image;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes of an image what is for one platform, or fails and lists the platforms there are. */
public final class PlatformChoice {
  private PlatformChoice() {}

  /** The first that is for the platform. */
  public static <T> T choose(
      Reference image, Platform wanted, List<T> all, Function<T, @Nullable Platform> platform) {
    return all.stream()
        .filter(candidate -> wanted.equals(platform.apply(candidate)))
        .findFirst()
        .orElseThrow(
            () ->
                missing(
                    image, wanted, all.stream().map(platform).filter(Objects::nonNull).toList()));
  }

  /** The failure of an image that is only for other platforms. */
  public static SealerException missing(Reference image, Platform wanted, List<Platform> others) {
    String available =
        others.stream()
            .filter(other -> !other.os().equals("unknown")) // attestations, not images
            .map(Platform::toString)
            .sorted()
            .distinct()
            .collect(Collectors.joining(", "));
    return SealerException.builder(
            ErrorCode.PLATFORM_NOT_FOUND,
            "image "
                + image
                + " is not available for "
                + wanted
                + ", only for "
                + (available.isEmpty() ? "manifests that name no platform" : available))
        .remedy("use a tag that has this platform, build for another one, or use another image")
        .detail("reference", image)
        .detail("platform", wanted)
        .build();
  }
}
