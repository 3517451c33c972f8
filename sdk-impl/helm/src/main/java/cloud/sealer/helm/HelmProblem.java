package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Helm says is wrong, with the place it names.
 *
 * @param template the template, with the name of the chart at its front; empty if Helm names none
 * @param line the line in the template, or in what it gave; 0 if Helm names none
 * @param text what is wrong
 */
record HelmProblem(String template, int line, String text) {
  private static final int MAX_LENGTH = 1000;

  /** What Helm calls a text that {@code tpl} is applied to. */
  private static final String TPL = "gotpl";

  /** {@code template: web/templates/x.yaml:3:7: ...}, the last of which is the innermost. */
  private static final Pattern TEMPLATE =
      Pattern.compile("template: ([^\\s:]+):(\\d+)(?::\\d+)?: ");

  /**
   * {@code execution error at (web/templates/x.yaml:3:7): ...}, as of {@code required} and {@code
   * fail}.
   */
  private static final Pattern AT =
      Pattern.compile("error at \\(([^\\s:()]+):(\\d+)(?::\\d+)?\\): ");

  /** {@code YAML parse error on web/templates/x.yaml: ... yaml: line 4: ...}. */
  private static final Pattern YAML =
      Pattern.compile("YAML parse error on ([^\\s:]+): (?:error converting YAML to JSON: )?");

  private static final Pattern LINE = Pattern.compile("line (\\d+)");

  static HelmProblem of(String message) {
    String text = stripped(message);
    Matcher at = AT.matcher(text);
    if (at.find()) {
      return new HelmProblem(at.group(1), number(at.group(2)), text.substring(at.end()));
    }
    Matcher yaml = YAML.matcher(text);
    if (yaml.find()) {
      String rest = text.substring(yaml.end());
      Matcher line = LINE.matcher(rest);
      return new HelmProblem(
          yaml.group(1),
          line.find() ? number(line.group(1)) : 0,
          "what it gives is no YAML: " + rest);
    }
    Matcher template = TEMPLATE.matcher(text);
    HelmProblem problem = new HelmProblem("", 0, text);
    while (template.find()) {
      if (!template.group(1).equals(TPL)) {
        problem =
            new HelmProblem(
                template.group(1), number(template.group(2)), text.substring(template.end()));
      }
    }
    return problem;
  }

  /**
   * The problem in the text that {@code tpl} was applied to, which has no name for Helm. What
   * stands before it may quote the whole text.
   */
  static HelmProblem innermost(String message) {
    HelmProblem problem = of(message);
    String text = stripped(message);
    Matcher template = TEMPLATE.matcher(text);
    while (template.find()) {
      String rest = text.substring(template.end());
      problem =
          new HelmProblem(
              "", number(template.group(2)), rest.replace("executing \"" + TPL + "\" at ", ""));
    }
    return problem;
  }

  /** Without advice that is for the program helm. */
  private static String stripped(String message) {
    return message
        .replace("Use --debug flag to render out invalid YAML", "")
        .replaceFirst(
            "^An error occurred while checking for chart dependencies\\..*? dependencies: ", "")
        .strip();
  }

  private static int number(String digits) {
    return digits.length() > 9 ? 0 : Integer.parseInt(digits);
  }

  /**
   * The exception for it.
   *
   * @param label what was rendered
   */
  SealerException.Builder exception(String label) {
    String place =
        (template.isEmpty() ? "" : ": " + template)
            + (line == 0 ? "" : template.isEmpty() ? ": line " + line : ":" + line);
    String what = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    SealerException.Builder builder =
        SealerException.builder(
            ErrorCode.RENDER_FAILED, label + ": cannot be rendered" + place + ": " + what);
    builder.detail("chart", label);
    if (!template.isEmpty()) {
      builder.detail("template", template).detail("line", line);
    }
    return builder;
  }
}
