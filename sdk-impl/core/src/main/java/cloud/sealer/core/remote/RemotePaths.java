package cloud.sealer.core.remote;

/** Where things lie on the machine that builds. */
final class RemotePaths {
  static final String ROOT = "/var/lib/sealer/build";
  static final String WORKER = ROOT + "/worker";
  static final String PROGRAM = WORKER + "/bin/sealer";
  static final String STORE = ROOT + "/store";
  static final String CONTEXT = ROOT + "/context";
  static final String KUBEFILE = ROOT + "/Kubefile";
  static final String ARGUMENTS = ROOT + "/arguments";
  static final String LOCK = ROOT + "/images.lock";
  static final String CERTIFICATES = ROOT + "/certificates";
  static final String DOCKER = ROOT + "/docker";

  /** Where kubeadm puts the configuration of the administrator. */
  static final String KUBECONFIG = "/etc/kubernetes/admin.conf";

  private RemotePaths() {}
}
