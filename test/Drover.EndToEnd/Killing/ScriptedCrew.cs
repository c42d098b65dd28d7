using System.Text.Json;

namespace Drover.EndToEnd.Killing;

/// <summary>Scripted agents over both protocols.</summary>
internal sealed class ScriptedCrew : Crew
{
    public override IReadOnlyList<Work> All { get; } = [new("KILL-1", "coder-1"), new("KILL-2", "acp"), new("KILL-3", "coder-2") { LeavesDirt = true }];

    public override Task Began(Site site, Work work) => Rehearsal.Files.Appear(Path.Combine(site.Shared, $"{work.Key}.began"));

    public override IReadOnlyDictionary<string, string> Files(Work work) =>
        new Dictionary<string, string> { [$"src/{work.Key}.txt"] = "begun ok\nwent on ok\nsteered ok" };

    public override IEnumerable<string> Messages(Site site, Work work) =>
        from file in Directory.EnumerateFiles(Path.Combine(site.Shared, "conversations"))
        from line in File.ReadAllLines(file)
        let message = JsonDocument.Parse(line).RootElement
        where message.TryGetProperty("role", out var role) && role.GetString() is "prompt" or "steer"
        select message.GetProperty("text").GetString();

    protected override Task<string> Agents(Site site)
    {
        File.WriteAllText(Path.Combine(site.Root, "script.yaml"), "rules:\n" + string.Concat(All.Select(w => Rule(site, w))));
        return Task.FromResult($"""
              coder:
                adapter: claude
                command: {Command(site, "stream-json")}
                count: 2
              acp:
                adapter: acp
                command: {Command(site, "acp")}
            """);
    }

    private static string Command(Site site, string protocol) =>
        $"[{Programs.Rehearsal}, agent, --protocol, {protocol}, --script, {site.Root}/script.yaml, --state, {site.Shared}/conversations]";

    private static string Rule(Site site, Work work) => $$"""
          - when: {{work.Prompt}}
            turns:
              - - say: I begin.
                - edit: {path: src/{{work.Key}}.txt, content: "begun ok\n"}
                - commit: Begin {{work.Key}}
                - tool: {run: "echo begun >> {{site.Shared}}/{{work.Key}}.began"}
                - wait_for: {{site.Shared}}/{{work.Key}}.go
                - tool: {run: "echo 'went on ok' >> src/{{work.Key}}.txt"}
                - commit: Go on with {{work.Key}}
                - say: Done.
              - when: {{work.Next}}
                steps:
                  - tool: {run: "echo 'steered ok' >> src/{{work.Key}}.txt"}
                  - commit: Steered
                  {{(work.LeavesDirt ? "- tool: {run: \"echo rest > left.txt\"}" : "- say: Steered.")}}
            default: [{say: Nothing left to do.}]

        """;
}
