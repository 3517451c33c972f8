package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.HostAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads addresses: a list whose items are addresses, ranges, or several of them with commas. */
final class AddressReader {
  private AddressReader() {}

  static List<HostAddress> read(Section section, String field) {
    List<HostAddress> addresses = new ArrayList<>();
    for (Scalar item : section.texts(field)) {
      for (HostAddress address : parse(section, item)) {
        if (addresses.contains(address)) {
          section
              .findings()
              .warning(
                  item.place(),
                  item.text(),
                  section.nameOf(field) + " has " + quote(address.toString()) + " twice",
                  "remove one");
        } else {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  private static List<HostAddress> parse(Section section, Scalar item) {
    try {
      return HostAddress.parseList(item.text());
    } catch (IllegalArgumentException e) {
      section
          .findings()
          .error(
              item.place(),
              item.text(),
              String.valueOf(e.getMessage()),
              "write an address such as 10.0.0.1, 10.0.0.1:22 or 10.0.0.1-10.0.0.9");
      return List.of();
    }
  }
}
