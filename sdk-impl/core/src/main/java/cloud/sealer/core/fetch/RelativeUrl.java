package cloud.sealer.core.fetch;

/** Resolves the address of a submodule, which may be relative to that of its repository. */
final class RelativeUrl {
  private RelativeUrl() {}

  /** Resolves as {@code git submodule} does: each {@code ../} takes one element off the base. */
  static String resolve(String base, String url) {
    if (!url.startsWith("./") && !url.startsWith("../")) {
      return url;
    }
    String at = stripSlash(base);
    String rest = url;
    while (true) {
      if (rest.startsWith("./")) {
        rest = rest.substring(2);
      } else if (rest.startsWith("../")) {
        rest = rest.substring(3);
        int cut = Math.max(at.lastIndexOf('/'), at.lastIndexOf(':'));
        int host = at.indexOf("://");
        // the host is not an element: ../ beyond the top stays at the top
        boolean top = cut < 0 || (host >= 0 && cut <= host + 2);
        at = top ? at : at.charAt(cut) == ':' ? at.substring(0, cut + 1) : at.substring(0, cut);
      } else {
        return at.endsWith(":") ? at + rest : at + "/" + rest;
      }
    }
  }

  private static String stripSlash(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
