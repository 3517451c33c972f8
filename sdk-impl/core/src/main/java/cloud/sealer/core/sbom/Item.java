package cloud.sealer.core.sbom;

import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import java.util.Comparator;

/** Something that an image has. */
sealed interface Item extends Comparable<Item> {
  /** Sorts by kind and name. */
  Comparator<Item> ORDER = Comparator.<Item>comparingInt(Item::rank).thenComparing(Item::key);

  /** Which place its kind has in a document. */
  int rank();

  /** Tells it from others of its kind. */
  String key();

  @Override
  default int compareTo(Item other) {
    return ORDER.compare(this, other);
  }

  /**
   * A container image that the image carries.
   *
   * @param image the image
   */
  record Container(ContainerImage image) implements Item {
    @Override
    public int rank() {
      return 0;
    }

    @Override
    public String key() {
      return image.reference() + " " + image.digest() + " " + image.manifest();
    }
  }

  /**
   * A Helm chart.
   *
   * @param name its name
   * @param version its version
   * @param appVersion the version of what it installs; empty if it does not say
   * @param path the file that says so, or the archive it is in
   */
  record Chart(String name, String version, String appVersion, String path) implements Item {
    @Override
    public int rank() {
      return 1;
    }

    @Override
    public String key() {
      return path + " " + name + " " + version + " " + appVersion;
    }
  }

  /**
   * A package of a distribution that is installed in the rootfs.
   *
   * @param type the kind of package, as package URLs name it: {@code deb} or {@code apk}
   * @param distribution who made it, such as {@code debian}
   * @param name its name
   * @param version its version
   * @param architecture for what it was built
   */
  record Installed(
      String type, String distribution, String name, String version, String architecture)
      implements Item {
    /** The same package of a distribution. */
    Installed of(String maker) {
      String known = maker.isEmpty() ? type.equals("apk") ? "alpine" : "debian" : maker;
      return new Installed(type, known, name, version, architecture);
    }

    @Override
    public int rank() {
      return 2;
    }

    @Override
    public String key() {
      return name + " " + architecture + " " + version;
    }
  }

  /**
   * A file.
   *
   * @param path where it is in the rootfs
   * @param size its length in bytes
   * @param executable whether it may be executed
   * @param sha1 its SHA-1, which SPDX asks for, in hexadecimal digits
   * @param sha256 its SHA-256
   */
  record File(String path, long size, boolean executable, String sha1, Digest sha256)
      implements Item {
    @Override
    public int rank() {
      return 3;
    }

    @Override
    public String key() {
      return path + " " + sha256 + " " + executable;
    }
  }
}
