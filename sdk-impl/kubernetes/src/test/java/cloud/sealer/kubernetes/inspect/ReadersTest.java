package cloud.sealer.kubernetes.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.spi.ClusterInspector.RunningImage;
import org.junit.jupiter.api.Test;

class ReadersTest {
  private static Snapshot pods(String text) {
    PodReader reader = new PodReader();
    text.lines().forEach(reader::line);
    return reader.result();
  }

  @Test
  void everyContainerIsReadWithTheDigestThatRuns() {
    Snapshot snapshot =
        pods(
            """
            pod\tkube-system\tdns-1\tu1\tRunning\t<nil>
            image\tspec.initContainers[0].image\tinit\tquay.io/a/init:1
            image\tspec.containers[0].image\tdns\tsea.hub:5000/dns:1
            image\tspec.ephemeralContainers[0].image\tdebug\tbusybox
            digest\tinit\tdocker-pullable://quay.io/a/init@sha256:11
            digest\tdns\tsea.hub:5000/dns@sha256:22
            digest\tdebug\tdocker://sha256:33
            """);

    assertThat(snapshot.restless()).isEmpty();
    assertThat(snapshot.images())
        .containsExactly(
            new RunningImage(
                "quay.io/a/init:1",
                "quay.io/a/init@sha256:11",
                "Pod/kube-system/dns-1",
                "spec.initContainers[0].image"),
            new RunningImage(
                "sea.hub:5000/dns:1",
                "sea.hub:5000/dns@sha256:22",
                "Pod/kube-system/dns-1",
                "spec.containers[0].image"),
            new RunningImage(
                "busybox", "", "Pod/kube-system/dns-1", "spec.ephemeralContainers[0].image"));
  }

  @Test
  void whatIsNotAtRestSaysWhy() {
    Snapshot snapshot =
        pods(
            """
            pod\tdefault\tdone\tu1\tSucceeded\t<nil>
            pod\tdefault\tfine\tu2\tRunning\t<nil>
            pod\tdefault\tcrashes\tu3\tRunning\t<nil>
            waiting\tapp\tCrashLoopBackOff\t"back-off 10s restarting \\"app\\""
            pod\tdefault\tnowhere\tu4\tPending\t<nil>
            waiting\t\tUnschedulable\t"0/1 nodes are available"
            pod\tdefault\tpulls\tu5\tPending\t<nil>
            waiting\tapp\tImagePullBackOff\t%!q(<nil>)
            pod\tdefault\tgone\tu6\tRunning\t<nil>
            going
            pod\tdefault\tevicted\tu7\tFailed\tEvicted
            """);

    assertThat(snapshot.restless())
        .containsExactly(
            "pod default/crashes is Running: container app: CrashLoopBackOff: back-off 10s"
                + " restarting \"app\"",
            "pod default/nowhere is Pending: Unschedulable: 0/1 nodes are available",
            "pod default/pulls is Pending: container app: ImagePullBackOff",
            "pod default/gone is Running: it is being deleted",
            "pod default/evicted is Failed: Evicted");
    assertThat(snapshot.identity()).hasSize(7);
  }

  @Test
  void workloadsTellTheirTemplatesAndWhatTheyLack() {
    WorkloadReader reader = new WorkloadReader();
    """
    workload\tDeployment\tdefault\tweb
    count\t2\t1\t3\t1
    image\tspec.template.spec.containers[0].image\tnginx:1
    workload\tDaemonSet\tdefault\tagent
    count\t1\t1\t3\t2
    workload\tStatefulSet\tdefault\tnone
    count\t1\t1\t0\t<nil>
    workload\tCronJob\tdefault\tnight
    image\tspec.jobTemplate.spec.template.spec.containers[0].image\tbackup:1
    """
        .lines()
        .forEach(reader::line);
    Snapshot snapshot = reader.result();

    assertThat(snapshot.restless())
        .containsExactly(
            "Deployment/default/web was changed, and its controller has not seen it yet",
            "DaemonSet/default/agent has 2 of 3 pods");
    assertThat(snapshot.images())
        .extracting(RunningImage::object)
        .containsExactly("Deployment/default/web", "CronJob/default/night");
  }
}
