package cloud.sealer.ssh;

import cloud.sealer.sdk.Host;
import java.time.Duration;
import java.util.List;

/** What counts for every connection of a connector. */
record SshSettings(
    HostKeyPolicy hostKeys,
    List<Host> jumps,
    Duration connectTimeout,
    Duration keepAlive,
    int attempts,
    Duration retryDelay) {}
