package cloud.sealer.core.collection;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what tags mean with what they meant when a lock was written. */
public final class LockCheck {
  private LockCheck() {}

  /**
   * Checks the base of a build.
   *
   * @throws SealerException with {@link ErrorCode#IMAGE_MOVED} if it is another one
   */
  public static void base(ImageLock lock, ImageLock.Base base, Digest digest) {
    List<String> moved = new ArrayList<>();
    compare(base.image() + " for " + base.platform(), lock.bases().get(base), digest, moved);
    fail("base image", moved);
  }

  /** Checks all container images at once, before any of their blobs is fetched. */
  static void images(ImageLock lock, List<ResolvedImage> images) {
    List<String> moved = new ArrayList<>();
    for (ResolvedImage image : images) {
      compare(
          image.reference().toString(),
          lock.images().get(image.reference()),
          image.root().descriptor().digest(),
          moved);
    }
    fail("container image", moved);
  }

  private static void compare(
      String name, @Nullable Digest locked, Digest actual, List<String> moved) {
    if (locked == null) {
      moved.add(name + " is not in the lock file; now it is " + actual);
    } else if (!locked.equals(actual)) {
      moved.add(name + " was " + locked + " and is now " + actual);
    }
  }

  private static void fail(String what, List<String> moved) {
    if (!moved.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.IMAGE_MOVED,
              "the lock file does not allow a " + what + ":\n  " + String.join("\n  ", moved))
          .remedy(
              "name the old digest in the files (NAME:TAG@DIGEST), or accept the new image by"
                  + " writing the lock file anew")
          .detail("count", moved.size())
          .build();
    }
  }
}
