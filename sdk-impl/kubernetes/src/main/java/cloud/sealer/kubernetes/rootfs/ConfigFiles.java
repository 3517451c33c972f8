package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes files of the rootfs as the {@code Config} documents of a Clusterfile say. */
public final class ConfigFiles {
  private ConfigFiles() {}

  /**
   * Applies documents one after the other; each sees what those before made of its file.
   *
   * @param configs the documents, in order
   * @param files the text of a file of the image; empty if there is no such file
   * @return the new text of each file that is changed or new
   * @throws SealerException with {@link ErrorCode#INVALID_CLUSTERFILE}, naming document and file,
   *     if the data cannot be processed, or there is nothing to merge it with
   */
  public static Map<RootfsPath, String> apply(
      List<ConfigSpec> configs, Function<RootfsPath, Optional<String>> files) {
    Map<RootfsPath, String> changed = new TreeMap<>();
    for (ConfigSpec config : configs) {
      Optional<String> before =
          Optional.ofNullable(changed.get(config.path())).or(() -> files.apply(config.path()));
      changed.put(config.path(), apply(config, before));
    }
    return changed;
  }

  private static String apply(ConfigSpec config, Optional<String> before) {
    try {
      String data = ConfigData.process(config.data(), config.process());
      if (config.strategy() == ConfigSpec.Strategy.OVERWRITE) {
        return data;
      }
      if (before.isEmpty()) {
        throw failure(config, "the image has no such file to merge with", "use overwrite", null);
      }
      List<YamlNode> merged =
          ConfigMerge.merge(
              documents(config, before.get(), "the file"), documents(config, data, "spec.data"));
      return new YamlWriter().writeAll(merged);
    } catch (IllegalArgumentException e) {
      throw failure(config, String.valueOf(e.getMessage()), "", e);
    }
  }

  private static List<YamlNode> documents(ConfigSpec config, String text, String what) {
    try {
      return YamlReader.readAll(text);
    } catch (YamlException e) {
      throw failure(
          config, what + " is not YAML: line " + e.place().line() + ": " + e.getMessage(), "", e);
    }
  }

  private static SealerException failure(
      ConfigSpec config, String reason, String remedy, @Nullable Exception cause) {
    String name = config.name().isEmpty() ? "" : " " + config.name();
    return SealerException.builder(
            ErrorCode.INVALID_CLUSTERFILE, "Config" + name + ", " + config.path() + ": " + reason)
        .remedy(remedy)
        .detail("path", config.path())
        .cause(cause)
        .build();
  }
}
