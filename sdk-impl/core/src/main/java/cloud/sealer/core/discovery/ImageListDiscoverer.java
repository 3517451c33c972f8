package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code manifests/imageList}: one image per line, with comments from {@code #} on, blank
 * lines, and quotes as wanted. A line that is no image is unresolved.
 */
public final class ImageListDiscoverer implements ImageDiscoverer {
  private static final RootfsPath FILE = ManifestDiscoverer.DIRECTORY.resolve("imageList");
  private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*");

  @Override
  public void discover(FileTree files, Sink sink) {
    ManifestFile.at(files, FILE).ifPresent(file -> file.read(text -> readList(text, sink)));
  }

  private static boolean readList(Reader text, Sink sink) throws IOException {
    LineReader lines = new LineReader(text);
    for (@Nullable String line = lines.next(); line != null; line = lines.next()) {
      String name = COMMENT.matcher(line).replaceFirst("").strip();
      if (!name.isEmpty()) {
        ImageOrigin origin = new ImageOrigin(FILE, 0, "", "", lines.number(), RuleNames.IMAGE_LIST);
        ImageText image = ImageText.of(unquote(name));
        if (image.reference() != null) {
          sink.found(image.reference(), origin);
        } else {
          sink.unresolved(image.text(), origin, image.problem());
        }
      }
    }
    return true;
  }

  private static String unquote(String name) {
    char first = name.charAt(0);
    boolean quoted =
        name.length() > 1
            && (first == '"' || first == '\'')
            && name.endsWith(String.valueOf(first));
    return quoted ? name.substring(1, name.length() - 1) : name;
  }
}
