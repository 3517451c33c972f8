package cloud.sealer.core.collection;

import cloud.sealer.sdk.BuildResult.MissingImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PlatformPolicy;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides about container images that lack a platform of the build. */
final class MissingPlatforms {
  private MissingPlatforms() {}

  /**
   * What is left out, if the policy allows it; else all of it is one failure.
   *
   * @param images the images, in the order of the request
   * @param request names the images and the policy
   * @param task hears of what is left out
   */
  static List<MissingImage> check(
      List<ResolvedImage> images, Collector.Request request, Task task) {
    List<MissingImage> missing = new ArrayList<>();
    List<SealerException> failures = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      List<ImageOrigin> origins = request.images().get(i).found().origins();
      for (Map.Entry<Platform, SealerException> entry : images.get(i).missing().entrySet()) {
        missing.add(new MissingImage(images.get(i).reference(), entry.getKey(), origins));
        failures.add(ImageFailure.withOrigin(entry.getValue(), origins));
      }
    }
    if (!failures.isEmpty() && request.missing() == PlatformPolicy.FAIL) {
      throw failure(failures);
    }
    if (request.missing() == PlatformPolicy.WARN) {
      failures.forEach(e -> task.notice(e.getMessage() + "; it is left out"));
    }
    return missing;
  }

  private static SealerException failure(List<SealerException> failures) {
    SealerException first = failures.get(0);
    StringBuilder message = new StringBuilder(String.valueOf(first.getMessage()));
    failures.stream().skip(1).forEach(e -> message.append('\n').append(e.getMessage()));
    SealerException.Builder all =
        SealerException.builder(ErrorCode.PLATFORM_NOT_FOUND, message.toString())
            .remedy(first.remedy() + ", or set the policy for missing platforms to warn or skip")
            .cause(first);
    first.details().forEach(all::detail);
    return all.build();
  }
}
