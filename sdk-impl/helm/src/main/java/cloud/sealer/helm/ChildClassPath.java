package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the jars that the child process needs, and no others, on the class path of this JVM.
 *
 * <p>Asks for resources and never for classes: loading a class of helm-java here might run its
 * code.
 */
final class ChildClassPath {
  private static final List<String> CLASSES =
      List.of(
          "cloud/sealer/helm/child/ChildMain.class",
          "com/marcnuri/helm/Helm.class",
          "com/marcnuri/helm/jni/HelmLib.class",
          "com/sun/jna/Native.class");

  private final ClassLoader loader;

  ChildClassPath(ClassLoader loader) {
    this.loader = loader;
  }

  /** Why the engine cannot run here; null if it can. */
  @Nullable String missing() {
    for (String name : CLASSES) {
      if (loader.getResource(name) == null) {
        return "the Helm engine is not on the class path (" + name + ")";
      }
    }
    if (loader.getResource(nativeClass()) == null) {
      return "there is no Helm engine for "
          + platform()
          + " on the class path; add the artifact"
          + " com.marcnuri.helm-java:"
          + platform()
          + ", or use a helm program";
    }
    return null;
  }

  /**
   * The class path.
   *
   * @param directory where to put jars that lie inside of other jars, which the child could not
   *     open
   */
  String value(Path directory) {
    Set<String> paths = new LinkedHashSet<>();
    try {
      for (String name : CLASSES) {
        paths.add(location(name, directory, paths.size()));
      }
      paths.add(location(nativeClass(), directory, paths.size()));
    } catch (IOException | URISyntaxException e) {
      throw SealerException.builder(
              ErrorCode.PROVIDER_MISSING,
              "cannot give the Helm engine to a process of its own: " + e.getMessage())
          .cause(e)
          .remedy("use a helm program, or put the jars of the SDK into a directory")
          .build();
    }
    return paths.stream().collect(Collectors.joining(File.pathSeparator));
  }

  private String location(String name, Path directory, int number)
      throws IOException, URISyntaxException {
    URL url = loader.getResource(name);
    if (url == null) {
      throw new IOException(missing());
    }
    String text = url.toString();
    if (text.startsWith("file:")) {
      Path root = Path.of(url.toURI());
      for (int i = name.split("/", -1).length; i > 0 && root.getParent() != null; i--) {
        root = root.getParent();
      }
      return root.toString();
    }
    String jar = "jar:file:";
    int end = text.indexOf("!/");
    if (text.startsWith(jar) && end == text.length() - name.length() - 2) {
      return Path.of(new URI(text.substring("jar:".length(), end))).toString();
    }
    if (url.openConnection() instanceof JarURLConnection connection) {
      connection.setUseCaches(false);
      try (JarFile file = connection.getJarFile()) {
        return copy(file, directory.resolve("lib-" + number + ".jar")).toString();
      }
    }
    throw new IOException(text + " is not in a jar");
  }

  private static Path copy(JarFile jar, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(1);
      for (JarEntry entry : Collections.list(jar.entries())) {
        zip.putNextEntry(new ZipEntry(entry.getName()));
        try (InputStream in = jar.getInputStream(entry)) {
          in.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
    return target;
  }

  private static String nativeClass() {
    String[] parts = platform().split("-", 2);
    return "com/marcnuri/helm/jni/"
        + parts[0]
        + "/"
        + parts[1]
        + "/"
        + capitalised(parts[0])
        + capitalised(parts[1])
        + "NativeLibrary.class";
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** This machine, as the artifacts of helm-java are named. */
  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String name = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux";
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return name + "-" + Platform.parse("linux/" + arch).architecture();
  }
}
