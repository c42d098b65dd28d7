using System.Diagnostics;
using Drover.EndToEnd.Killing;

namespace Drover.EndToEnd.Board;

/// <summary>A repository whose gate wants every source file to be ok, two steady agents, and a shaky one that is killed in its first run on each ticket.</summary>
internal static class BoardSite
{
    public const int Tickets = 10;

    /// <summary>What its agent makes first does not pass the gate.</summary>
    public const string Red = "BOARD-1";

    public const string Steady = "steady";
    public const string Shaky = "shaky";

    public static IReadOnlyList<string> Keys { get; } = [.. Enumerable.Range(1, Tickets).Select(n => $"BOARD-{n}")];

    public static string Prompt(string key) => $"PROMPT<{key}>";

    public static Site Make()
    {
        var site = new Site();
        File.WriteAllText(Path.Combine(site.Root, "steady.yaml"), Script(key => [Writes(key, key == Red ? "not yet" : "ok")]));
        File.WriteAllText(Path.Combine(site.Root, "shaky.yaml"), Script(key =>
            [$"tool: {{run: 'test -e {site.Shared}/{key}.killed || {{ touch {site.Shared}/{key}.killed; kill -9 $PPID; }}'}}", Writes(key, "ok")]));
        site.Write("drover.yaml", $$"""
            name: board
            agents:
              {{Steady}}:
                adapter: claude
                command: {{Command(site, "stream-json", Steady)}}
                count: 2
              {{Shaky}}:
                adapter: acp
                command: {{Command(site, "acp", Shaky)}}
            gates:
              - name: check
                run: sh check.sh
            merge: auto
            land: squash
            retries: {delay: 1s}
            sandbox:
              write: [{{site.Shared}}]
              read: [{{site.Root}}/steady.yaml, {{site.Root}}/shaky.yaml]
            """);
        site.Write("check.sh", "for f in src/*; do grep -q 'ok$' \"$f\" || { echo \"$f is not ok\"; exit 1; }; done\n");
        site.Write("src/first.txt", "ok\n");
        site.Commit("First");
        return site;
    }

    /// <summary>How the gate ends on a clean checkout of the commit.</summary>
    public static int Gate(Site site, string commit)
    {
        var checkout = Path.Combine(site.Root, $"checkout-{commit}");
        site.Git("worktree", "add", "-q", "--detach", checkout, commit);
        using var gate = Process.Start(new ProcessStartInfo("/bin/sh", ["check.sh"]) { WorkingDirectory = checkout })!;
        gate.WaitForExit();
        site.Git("worktree", "remove", "--force", checkout);
        return gate.ExitCode;
    }

    /// <summary>Whatever the first turn was, the next ones leave the work as it should be.</summary>
    private static string Script(Func<string, IReadOnlyList<string>> first) => "rules:\n" + string.Concat(Keys.Select(key => $"""
          - when: {Prompt(key)}
            turns:
              - [{string.Join(", ", first(key).Append($"commit: Do {key}").Select(s => $"{{{s}}}"))}]
            default: [{"{"}{Writes(key, "ok")}{"}"}, {"{"}commit: Mend {key}{"}"}]

        """));

    private static string Writes(string key, string text) => $"tool: {{run: 'echo {text} > src/{key}.txt'}}";

    private static string Command(Site site, string protocol, string name) =>
        $"[{Programs.Rehearsal}, agent, --protocol, {protocol}, --script, {site.Root}/{name}.yaml, --state, {site.Shared}/{name}]";
}
