package cloud.sealer.sdk;

/** What went wrong, as a stable name that programs may test for. */
public enum ErrorCode {
  /** The Kubefile has mistakes; {@link SealerException#diagnostics()} has them all. */
  INVALID_KUBEFILE,
  /** A value of a request is not usable, such as a malformed image name. */
  INVALID_REQUEST,
  /** The build context cannot be read. */
  INVALID_CONTEXT,
  /** A {@code COPY} source matches nothing. */
  SOURCE_NOT_FOUND,
  /** A source, destination, link or archive entry would leave its root. */
  PATH_ESCAPES,
  /** A remote source cannot be fetched. */
  FETCH_FAILED,
  /** Content does not have the digest it must have. */
  DIGEST_MISMATCH,
  /** A {@code RUN} command ended with a status other than zero. */
  RUN_FAILED,
  /** A {@code RUN} command took longer than allowed. */
  RUN_TIMEOUT,
  /** No way to execute {@code RUN} works on this machine, or the one asked for does not. */
  RUN_UNAVAILABLE,
  /** A chart or a template cannot be rendered. */
  RENDER_FAILED,
  /** Image discovery left something that the policy does not accept. */
  DISCOVERY_INCOMPLETE,
  /** Two different images want the same repository and tag in the cluster's registry. */
  IMAGE_COLLISION,
  /** A tag means another image than the lock of the build says. */
  IMAGE_MOVED,
  /** No image of that name, locally or in its registry. */
  IMAGE_NOT_FOUND,
  /** The image exists, but not for the wanted platform. */
  PLATFORM_NOT_FOUND,
  /** The image is not of a form this library reads. */
  IMAGE_UNSUPPORTED,
  /** The registry wants other credentials, or refuses the ones given. */
  UNAUTHORIZED,
  /** The registry or server cannot be reached, or does not answer in time. */
  UNREACHABLE,
  /** The registry answered with an error. */
  REGISTRY_ERROR,
  /** An image has no signature by a key that is trusted. */
  UNTRUSTED,
  /** An archive cannot be read, or is not an image archive. */
  INVALID_ARCHIVE,
  /** The local store holds something that contradicts itself. */
  STORE_CORRUPT,
  /** Reading or writing the local store failed: disk full, no permission. */
  STORE_IO,
  /** The Clusterfile has mistakes; {@link SealerException#diagnostics()} has them all. */
  INVALID_CLUSTERFILE,
  /** A host cannot be reached, or the connection to it broke. */
  HOST_UNREACHABLE,
  /** A host refuses the user, password or key. */
  HOST_UNAUTHORIZED,
  /** A host's key is unknown or not the expected one. */
  HOST_KEY_REJECTED,
  /** A file of a host cannot be read or written. */
  HOST_IO,
  /** A command on a host ended with a status other than zero. */
  COMMAND_FAILED,
  /** A command on a host took longer than allowed. */
  COMMAND_TIMEOUT,
  /** Hosts are not fit for the cluster; the details and diagnostics say in what. */
  PREFLIGHT_FAILED,
  /** There is no cluster of that name. */
  CLUSTER_NOT_FOUND,
  /** Another run works on the cluster. */
  CLUSTER_BUSY,
  /** The cluster is not as it was when the plan was made. */
  PLAN_STALE,
  /** The workloads of a cluster did not come to rest in time; the message says which and why. */
  CLUSTER_UNSETTLED,
  /** Machines cannot be made, or do not come up. */
  MACHINES_UNAVAILABLE,
  /** Machines, or what was made for them, could not be removed; the details list them. */
  MACHINES_LEFT,
  /** A plugin failed. */
  PLUGIN_FAILED,
  /** Some hosts succeeded and some failed; the exception has the result of each. */
  PARTIAL_FAILURE,
  /** A part that the call needs is not on the class path. */
  PROVIDER_MISSING,
  /** The calling thread was interrupted. */
  CANCELLED,
  /** A defect of this library. */
  INTERNAL
}
