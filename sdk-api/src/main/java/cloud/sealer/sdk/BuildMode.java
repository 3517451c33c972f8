package cloud.sealer.sdk;

/** Where a build runs and what cluster it may look at. */
public enum BuildMode {
  /** In this process, without any cluster. */
  LITE,
  /** In this process, beside a running cluster whose images are collected too. */
  LOCAL,
  /** On cloud machines made for the build. */
  CLOUD,
  /** In containers made for the build. */
  CONTAINER
}
