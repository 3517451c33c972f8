package cloud.sealer.aliyun;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the spec of machines says to this provider alone.
 *
 * @param image the identifier of an image, or an image family, which begins with {@code acs:}
 * @param network the first two numbers of the addresses, such as {@code 172.16}
 * @param sshFrom who may connect to the first machine, as networks; empty for the caller alone
 * @param sshPort where the SSH servers of the image listen
 * @param bandwidth of the public address, in Mbit/s
 * @param disk the category of all disks
 */
record CloudOptions(
    String image, String network, List<String> sshFrom, int sshPort, int bandwidth, String disk) {
  /** The image family if nobody names an image. */
  static final String DEFAULT_IMAGE = "acs:ubuntu_20_04_x64";

  private static final String NETWORK = "network";
  private static final String SSH_FROM = "ssh-from";
  private static final String SSH_PORT = "ssh-port";
  private static final String BANDWIDTH = "bandwidth";
  private static final String DISK = "disk-category";
  private static final List<String> KNOWN = List.of(BANDWIDTH, DISK, NETWORK, SSH_FROM, SSH_PORT);

  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
  private static final Pattern NETWORK_FORM =
      Pattern.compile("(" + BYTE + "\\." + BYTE + ")\\.0\\.0/16");
  private static final Pattern SOURCE =
      Pattern.compile(BYTE + "(\\." + BYTE + "){3}(/(3[0-2]|[12]?[0-9]))?");

  private static final int MAX_PORT = 65_535;
  private static final int MAX_BANDWIDTH = 200;
  private static final long GIB = 1L << 30;
  private static final int MIN_DISK = 20;
  private static final int DEFAULT_DISK = 40;
  private static final int MAX_DISKS = 16;

  /** Copies the list. */
  CloudOptions {
    sshFrom = List.copyOf(sshFrom);
  }

  /** Reads the options. */
  static CloudOptions of(InfrastructureSpec spec) {
    Map<String, String> options = spec.options();
    TreeSet<String> unknown = new TreeSet<>(options.keySet());
    KNOWN.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw invalid("machines of Aliyun know no options " + unknown, "they know " + KNOWN);
    }
    spec.groups().forEach(CloudOptions::checkDisks);
    var network = NETWORK_FORM.matcher(options.getOrDefault(NETWORK, "172.16.0.0/16"));
    if (!network.matches()) {
      throw invalid(
          "the option network is \"" + options.get(NETWORK) + "\"",
          "give a private network of 65536 addresses, such as 172.16.0.0/16");
    }
    return new CloudOptions(
        spec.image().isEmpty() ? DEFAULT_IMAGE : spec.image(),
        network.group(1),
        sources(options.getOrDefault(SSH_FROM, "")),
        number(options, SSH_PORT, 22, MAX_PORT),
        number(options, BANDWIDTH, 100, MAX_BANDWIDTH),
        options.getOrDefault(DISK, "cloud_essd"));
  }

  private static List<String> sources(String text) {
    List<String> sources = Stream.of(text.split("[, ]+")).filter(each -> !each.isEmpty()).toList();
    for (String source : sources) {
      if (!SOURCE.matcher(source).matches()) {
        throw invalid(
            "the option ssh-from has \"" + source + "\"",
            "give addresses or networks, such as 203.0.113.7 or 203.0.113.0/24");
      }
    }
    return sources.stream().map(CloudOptions::network).toList();
  }

  /** An address as a network of its own. */
  static String network(String source) {
    return source.contains("/") ? source : source + "/32";
  }

  private static int number(Map<String, String> options, String name, int standard, int max) {
    String text = options.getOrDefault(name, Integer.toString(standard));
    if (text.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw invalid("the option " + name + " is \"" + text + "\"", "give a number from 1 to " + max);
  }

  private static void checkDisks(MachineGroup group) {
    if (group.dataDisks().size() > MAX_DISKS) {
      throw invalid(
          "a machine has at most " + MAX_DISKS + " data disks, got " + group.dataDisks().size(),
          "take fewer and larger ones");
    }
  }

  /** The size of a disk in GiB: at least what the cloud sells. */
  static int gib(long bytes) {
    if (bytes == 0) {
      return DEFAULT_DISK;
    }
    return Math.toIntExact(Math.max(MIN_DISK, (bytes + GIB - 1) / GIB));
  }

  private static SealerException invalid(String message, String remedy) {
    return SealerException.builder(ErrorCode.INVALID_REQUEST, message).remedy(remedy).build();
  }
}
