package cloud.sealer.core.collection;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.SealerException;
import java.util.List;

/** Says of an image that cannot be had where it is asked for. */
final class ImageFailure {
  private ImageFailure() {}

  static SealerException withOrigin(SealerException e, List<ImageOrigin> origins) {
    if (e.code() == ErrorCode.CANCELLED || origins.isEmpty()) {
      return e;
    }
    SealerException.Builder more =
        SealerException.builder(e.code(), e.getMessage() + " (named in " + origins.get(0) + ")")
            .cause(e)
            .retryable(e.retryable())
            .attempts(e.attempts())
            .remedy(e.remedy());
    e.details().forEach(more::detail);
    return more.build();
  }
}
