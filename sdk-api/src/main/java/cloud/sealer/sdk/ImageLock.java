package cloud.sealer.sdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What tags meant when an image was built: the digest of every container image, and of the base
 * image for each platform. A build that is {@linkplain BuildRequest.Builder#lock given} one fails
 * if a tag means something else by now.
 *
 * <p>As a text it has one line for each image, sorted, so that it can be kept beside the Kubefile
 * and compared:
 *
 * <pre>
 * image docker.io/library/nginx:1.21 sha256:…
 * base registry.cn-qingdao.aliyuncs.com/sealer-io/kubernetes:v1.20.2 linux/amd64 sha256:…
 * </pre>
 *
 * @param images the digest of each container image, by its full name
 * @param bases the digest of the manifest of each base image, by its full name and platform
 */
public record ImageLock(Map<Reference, Digest> images, Map<Base, Digest> bases) {
  private static final String HEADER =
      "# What the tags of a cluster image mean. Written by a build.";

  /** Copies the maps. */
  public ImageLock {
    images = Collections.unmodifiableMap(new TreeMap<>(images));
    bases = Collections.unmodifiableMap(new TreeMap<>(bases));
  }

  /**
   * A base image for a platform.
   *
   * @param image its full name
   * @param platform the platform
   */
  public record Base(Reference image, Platform platform) implements Comparable<Base> {
    @Override
    public int compareTo(Base other) {
      int byImage = image.compareTo(other.image);
      return byImage != 0 ? byImage : platform.compareTo(other.platform);
    }
  }

  /**
   * What an image was built from.
   *
   * @param image a cluster image
   * @return its container images, those of its base included, and its base
   */
  public static ImageLock of(ClusterImage image) {
    Map<Reference, Digest> images = new TreeMap<>();
    Map<Base, Digest> bases = new TreeMap<>();
    for (ClusterImage.PlatformImage platform : image.platforms()) {
      ClusterImage.Metadata metadata = platform.metadata();
      metadata.containerImages().forEach(found -> images.put(found.reference(), found.digest()));
      Optional<Digest> digest = metadata.baseDigest();
      if (metadata.base().isPresent() && digest.isPresent()) {
        Reference base = Reference.parse(metadata.base().get());
        bases.put(new Base(base, platform.platform()), digest.get());
      }
    }
    return new ImageLock(images, bases);
  }

  /**
   * Reads a lock file.
   *
   * @param file the file
   * @return the lock
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if it cannot be read, with the
   *     line if it has a mistake
   */
  public static ImageLock parse(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "cannot read the lock file " + file + ": " + e)
          .remedy("write it with a build that has no lock, such as build --lock-out")
          .cause(e)
          .build();
    }
  }

  /**
   * Reads the text of a lock file.
   *
   * @param text the text
   * @param where names it in errors
   * @return the lock
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} and the line of a mistake
   */
  public static ImageLock parse(String text, String where) {
    Map<Reference, Digest> images = new TreeMap<>();
    Map<Base, Digest> bases = new TreeMap<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String[] words = line.strip().split("\\s+");
      try {
        if (words.length == 3 && words[0].equals("image")) {
          images.put(Reference.parse(words[1]), Digest.parse(words[2]));
        } else if (words.length == 4 && words[0].equals("base")) {
          bases.put(
              new Base(Reference.parse(words[1]), Platform.parse(words[2])),
              Digest.parse(words[3]));
        } else if (!words[0].isEmpty() && !words[0].startsWith("#")) {
          throw new IllegalArgumentException(
              "a line is \"image NAME DIGEST\" or \"base NAME PLATFORM DIGEST\"");
        }
      } catch (IllegalArgumentException e) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST, where + ":" + number + ": " + e.getMessage())
            .remedy("mend the line, or write the lock file anew with build --lock-out")
            .cause(e)
            .build();
      }
    }
    return new ImageLock(images, bases);
  }

  /**
   * Writes a lock file.
   *
   * @param file the file to make; an existing file is replaced
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if it cannot be written
   */
  public void write(Path file) {
    try {
      Files.writeString(file, toString(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "cannot write the lock file " + file + ": " + e)
          .remedy("choose a file in a directory that exists and can be written")
          .cause(e)
          .build();
    }
  }

  /** Returns the text that {@link #parse(String, String)} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    bases.forEach(
        (base, digest) ->
            text.append("base " + base.image() + " " + base.platform() + " " + digest + "\n"));
    images.forEach((image, digest) -> text.append("image " + image + " " + digest + "\n"));
    return text.toString();
  }
}
