package cloud.sealer.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers requests while they are answered. Everything is counted before it is sent, so that a
 * client who has read an answer finds it here.
 */
final class Recorder {
  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  /** A request that may still be at work. */
  static final class Entry {
    private final String method;
    private final String path;
    private final String query;
    private final String range;
    private final boolean authorized;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile int status;

    Entry(String method, String path, String query, String range, boolean authorized) {
      this.method = method;
      this.path = path;
      this.query = query;
      this.range = range;
      this.authorized = authorized;
    }

    void status(int code) {
      status = code;
    }

    void sending(int bytes) {
      sent.addAndGet(bytes);
    }

    void received(int bytes) {
      received.addAndGet(bytes);
    }

    private EmbeddedRegistry.Request request() {
      return new EmbeddedRegistry.Request(
          method, path, query, range, status, received.get(), sent.get(), authorized);
    }
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  List<EmbeddedRegistry.Request> requests() {
    return entries.stream().map(Entry::request).toList();
  }

  void clear() {
    entries.clear();
  }
}
