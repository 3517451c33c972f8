package cloud.sealer.examples.benchmarks;

/** What the JMH benchmarks read. */
final class HotInputs {
  private HotInputs() {}

  /** A Kubefile of that many instructions and two more. */
  static String kubefile(int lines) {
    StringBuilder text = new StringBuilder("FROM kubernetes:v1.20.2\nARG VERSION=1.0\n");
    for (int i = 0; i < lines; i++) {
      text.append("COPY charts/app-").append(i).append("-${VERSION}.tgz charts\n");
    }
    return text.toString();
  }

  /** A manifest with two images. */
  static String manifest(int number) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: app-NUMBER
      labels: {app: app-NUMBER, tier: backend}
    spec:
      replicas: 3
      selector:
        matchLabels: {app: app-NUMBER}
      template:
        metadata:
          labels: {app: app-NUMBER, tier: backend}
        spec:
          containers:
          - name: server
            image: registry.example.com/team/app-NUMBER:v1.2.3
            ports: [{containerPort: 8080}]
            env:
            - {name: LOG_LEVEL, value: info}
            resources:
              limits: {cpu: 500m, memory: 256Mi}
          - name: proxy
            image: registry.example.com/team/proxy:v2.0.0
    """
        .replace("NUMBER", Integer.toString(number));
  }
}
