package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has happened on one host in this run. The steps of a host are executed one after the other;
 * everything else waits for them.
 */
final class HostProgress {
  private static final int PRIVATE = 0600;

  private final HostView view;
  private final HostSession session;
  private final int planned;
  private final List<Step> done = new ArrayList<>();
  private HostRecord record;
  private @Nullable SealerException failure;

  HostProgress(HostView view, HostSession session, int planned) {
    this.view = view;
    this.session = session;
    this.planned = planned;
    this.record = view.record();
  }

  HostView view() {
    return view.withRecord(record);
  }

  /** The record before this run. */
  HostRecord initialRecord() {
    return view.record();
  }

  HostAddress address() {
    return view.address();
  }

  HostSession session() {
    return session;
  }

  HostRecord record() {
    return record;
  }

  /** Writes the record to the host, if it is another. */
  void save(HostRecord newer) {
    if (!newer.equals(record)) {
      byte[] json = newer.toJson().getBytes(StandardCharsets.UTF_8);
      session.upload(view.paths().record(), PRIVATE, () -> new ByteArrayInputStream(json));
      record = newer;
    }
  }

  void done(Step step) {
    done.add(step);
  }

  /** The host has nothing of the cluster any more. */
  void cleaned() {
    record = HostRecord.EMPTY;
  }

  boolean clean() {
    return record.equals(HostRecord.EMPTY);
  }

  /** Forgets that steps were done, as they were undone. */
  void undone() {
    done.clear();
  }

  void failed(SealerException cause) {
    failure = cause;
  }

  boolean failed() {
    return failure != null;
  }

  Optional<SealerException> failure() {
    return Optional.ofNullable(failure);
  }

  boolean complete() {
    return failure == null && done.size() == planned;
  }

  boolean touched() {
    return !done.isEmpty() || failure != null;
  }

  HostResult result() {
    HostResult.Outcome outcome;
    if (failure != null) {
      outcome = HostResult.Outcome.FAILED;
    } else if (planned == 0) {
      outcome = HostResult.Outcome.UNCHANGED;
    } else {
      outcome = complete() ? HostResult.Outcome.DONE : HostResult.Outcome.NOT_DONE;
    }
    return new HostResult(address(), outcome, done.stream().map(Step::name).toList(), failure);
  }
}
