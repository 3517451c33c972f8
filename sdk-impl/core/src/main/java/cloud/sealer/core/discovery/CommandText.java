package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The images in the lines of a script that start, pull or set images: {@code docker run
 * nginx:1.21}, {@code kubectl set image deployment/web web=nginx:1.21}.
 */
final class CommandText {
  private static final String PROGRAM = "(?:docker|podman|nerdctl|crictl|ctr|kubectl|k3s)[ \\t]";

  /** A line up to its comment, if it is none from the start. */
  private static final Pattern LINE =
      Pattern.compile("^(?:[^#\\n]*?[ \\t;&|(\"'])?" + PROGRAM + "[^\\n#]*", Pattern.MULTILINE);

  private static final Pattern COMMAND = Pattern.compile("(?:^|[ \\t(\"'])" + PROGRAM);
  private static final Pattern CONTINUED = Pattern.compile("\\\\\\R");
  private static final Pattern ACTION =
      Pattern.compile("\\s(?:run|pull|create|import|image|images|i|debug)\\s");
  private static final Pattern END = Pattern.compile("&&|\\|\\||[;|]");
  private static final Pattern QUOTES = Pattern.compile("^[\"'`(]+|[\"'`);\\\\]+$");
  private static final Pattern NUMBERED = Pattern.compile("[a-z][a-z0-9._-]*:v?[0-9]+[.\\w-]*");

  private CommandText() {}

  /** Whether a text may have such a line. */
  static boolean isIn(String text) {
    return LINE.matcher(text).find();
  }

  /** The images in such lines, in their order. */
  static List<ImageText> images(String text) {
    List<ImageText> images = new ArrayList<>();
    Matcher line = LINE.matcher(CONTINUED.matcher(text).replaceAll(" "));
    while (line.find()) {
      for (String part : END.split(line.group())) {
        if (COMMAND.matcher(part).find() && ACTION.matcher(part).find()) {
          add(part, images);
        }
      }
    }
    return images;
  }

  private static void add(String command, List<ImageText> images) {
    for (String token : command.strip().split("\\s+")) {
      String word = QUOTES.matcher(token).replaceAll("");
      // An option with its value, or a container and its image.
      ImageText image =
          ImageText.of(QUOTES.matcher(word.substring(word.indexOf('=') + 1)).replaceAll(""));
      boolean numbered = NUMBERED.matcher(image.text()).matches() && !image.isHostAndPort();
      boolean named = image.isVersioned() && image.text().indexOf('/') > 0;
      if (image.isUnmistakable() || image.isLikeHubImage() || numbered || named) {
        images.add(image);
      }
    }
  }
}
