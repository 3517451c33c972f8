package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.distribution.Distributors;
import cloud.sealer.sdk.spi.ClusterPlugin;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/**
 * What steps of an installation work with.
 *
 * @param clock tells when certificates and tokens begin
 * @param random makes keys and tokens
 * @param plugins the types of plugins that are not built in
 * @param distributors the ways for layers to hosts
 */
record Tools(
    Clock clock, SecureRandom random, List<ClusterPlugin> plugins, Distributors distributors) {}
