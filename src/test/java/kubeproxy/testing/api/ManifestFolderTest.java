package kubeproxy.testing.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFolderTest {

  @Test
  void onlyWhatDiffersBecomesANewVersion(@TempDir Path folder) throws IOException {
    ObjectStore store = new ObjectStore();
    ManifestFolder manifests = new ManifestFolder(folder, store);
    Files.writeString(
        folder.resolve("all.yaml"),
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: ns}
        spec: {clusterIP: 10.96.0.1}
        ---
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Node, metadata: {name: node-1}}
        - {apiVersion: v1, kind: Secret, metadata: {name: other}}
        """);

    assertThat(manifests.refresh()).isEqualTo(2);
    assertThat(manifests.refresh()).isZero();
    assertThat(store.keys(ApiKind.SERVICE)).containsExactly("ns/web");
    assertThat(store.keys(ApiKind.NODE)).containsExactly("/node-1");

    Files.writeString(
        folder.resolve("all.yaml"),
        """
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: ns}, spec: {type: X}}
        """);

    assertThat(manifests.refresh()).isEqualTo(2);
    assertThat(store.keys(ApiKind.NODE)).isEmpty();
    assertThat(Tree.textAt(store.get(ApiKind.SERVICE, "ns/web"), "spec.type")).isEqualTo("X");
  }
}
