package cloud.sealer.core.kubefile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the variables of a text, in one pass and without recursion, since the text may be anything.
 *
 * <p>A backslash takes the next character out, {@code $$} is the shell's. In a shell text, single
 * quotes take out what they hold; they do so unless within double quotes, which a command
 * substitution in turn leaves.
 */
final class VariableSyntax {
  private static final char PLAIN = ' ';
  private static final char BRACE = '{';
  private static final char PARENTHESIS = '(';

  private final String text;
  private final boolean shell;
  private final Map<Integer, Variable> found = new HashMap<>();
  private final Deque<Frame> open = new ArrayDeque<>();

  /**
   * A variable in the text.
   *
   * @param name its name
   * @param operator one of {@code - + ?}, or a blank for none
   * @param word where the text after the operator starts
   * @param close where that text ends, at the closing brace
   * @param end where the text goes on after the variable
   */
  record Variable(String name, char operator, int word, int close, int end) {}

  /** What is open: a brace, parenthesis, double quote or backquote, and where it began. */
  private record Frame(char kind, int start, boolean inDoubleQuotes) {}

  private VariableSyntax(String text, boolean shell) {
    this.text = text;
    this.shell = shell;
  }

  /**
   * Finds all variables of supported forms, nested ones too.
   *
   * @param shell whether the text is a shell command, where quotes count
   * @return the variables by the index of their {@code $}
   */
  static Map<Integer, Variable> find(String text, boolean shell) {
    if (text.indexOf('$') < 0) {
      return Map.of();
    }
    VariableSyntax syntax = new VariableSyntax(text, shell);
    for (int i = 0; i < text.length(); ) {
      i = syntax.step(i);
    }
    return syntax.found;
  }

  private int step(int i) {
    switch (text.charAt(i)) {
      case '\\' -> {
        return i + 2;
      }
      case '$' -> {
        return dollar(i);
      }
      case '}' -> {
        if (isOpen(BRACE)) {
          close(open.pop().start(), i);
        }
      }
      default -> {
        return shell ? shellStep(i) : i + 1;
      }
    }
    return i + 1;
  }

  private int dollar(int i) {
    char next = i + 1 < text.length() ? text.charAt(i + 1) : PLAIN;
    if (next == '$') {
      return i + 2;
    }
    if (next == '{') {
      open.push(new Frame(BRACE, i, inDoubleQuotes()));
      return i + 2;
    }
    if (next == '(' && shell) {
      open.push(new Frame(PARENTHESIS, i, false));
      return i + 2;
    }
    int end = nameEnd(i + 1);
    if (end > i + 1) {
      found.put(i, new Variable(text.substring(i + 1, end), PLAIN, end, end, end));
    }
    return end;
  }

  private int shellStep(int i) {
    char c = text.charAt(i);
    if (c == '\'' && !inDoubleQuotes()) {
      int end = text.indexOf('\'', i + 1);
      return end < 0 ? text.length() : end + 1;
    }
    if (c == '"' || c == '`') {
      if (isOpen(c)) {
        open.pop();
      } else {
        open.push(new Frame(c, i, c == '"'));
      }
    } else if (c == '(' && isOpen(PARENTHESIS)) {
      open.push(new Frame(PARENTHESIS, i, false));
    } else if (c == ')' && isOpen(PARENTHESIS)) {
      open.pop();
    }
    return i + 1;
  }

  /** Takes note of {@code ${…}} if it has a form that is replaced. */
  private void close(int start, int close) {
    int end = nameEnd(start + 2);
    String name = text.substring(start + 2, end);
    if (name.isEmpty()) {
      return;
    }
    if (end == close) {
      found.put(start, new Variable(name, PLAIN, end, close, close + 1));
    } else if (text.charAt(end) == ':' && "-+?".indexOf(text.charAt(end + 1)) >= 0) {
      found.put(start, new Variable(name, text.charAt(end + 1), end + 2, close, close + 1));
    }
  }

  private int nameEnd(int start) {
    int end = start;
    while (end < text.length() && isNamePart(text.charAt(end), end == start)) {
      end++;
    }
    return end;
  }

  private static boolean isNamePart(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }

  private boolean isOpen(char kind) {
    Frame top = open.peek();
    return top != null && top.kind() == kind;
  }

  private boolean inDoubleQuotes() {
    Frame top = open.peek();
    return top != null && top.inDoubleQuotes();
  }
}
