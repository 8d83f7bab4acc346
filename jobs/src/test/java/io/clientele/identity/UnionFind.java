package io.clientele.identity;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The oracle for components: the root of a group is its smallest node. */
final class UnionFind {
    private final int[] parent;

    private UnionFind(int nodes) {
        parent = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            parent[i] = i;
        }
    }

    static UnionFind of(int nodes, List<int[]> edges) {
        UnionFind groups = new UnionFind(nodes);
        edges.forEach(e -> groups.join(e[0], e[1]));
        return groups;
    }

    void join(int a, int b) {
        int rootA = root(a);
        int rootB = root(b);
        parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }

    int root(int node) {
        return parent[node] == node ? node : root(parent[node]);
    }

    Map<Integer, Integer> rootsOfLinked(List<int[]> edges) {
        Map<Integer, Integer> roots = new TreeMap<>();
        for (int[] edge : edges) {
            roots.put(edge[0], root(edge[0]));
            roots.put(edge[1], root(edge[1]));
        }
        return roots;
    }
}
