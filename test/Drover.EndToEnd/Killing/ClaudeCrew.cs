using System.Text.Json;
using Drover.EndToEnd.Rehearsal;

namespace Drover.EndToEnd.Killing;

/// <summary>Three of the real Claude Code, driven by the rehearsal model server.</summary>
internal sealed class ClaudeCrew : Crew
{
    private readonly Scratch _scratch = new();
    private ModelProcess? _model;

    public override IReadOnlyList<Work> All { get; } = [new("KILL-1", "coder-1"), new("KILL-2", "coder-2"), new("KILL-3", "coder-3")];

    public override Task Began(Site site, Work work) => _model!.Logged(m =>
        m.Text("kind") == "main" && m.Text("event") == "request" && m.At("reply") is { ValueKind: JsonValueKind.Number } reply && reply.GetInt32() >= 3 && Speaks(m, work.Prompt));

    public override IReadOnlyDictionary<string, string> Files(Work work) => new Dictionary<string, string>
    {
        [$"src/{work.Key}.txt"] = "begun ok",
        [$"src/{work.Key}-more.txt"] = "went on ok",
        [$"src/{work.Key}-steered.txt"] = "steered ok",
    };

    public override IEnumerable<string> Messages(Site site, Work work) =>
        _model!.Log.Last(m => m.Text("kind") == "main" && m.Text("event") == "request" && Speaks(m, work.Prompt)).At("user_messages").EnumerateArray().Select(u => u.GetString()!);

    public override async ValueTask DisposeAsync()
    {
        if (_model is not null) await _model.DisposeAsync();
        _scratch.Dispose();
    }

    protected override async Task<string> Agents(Site site)
    {
        _model = await ModelProcess.Start(_scratch, "rules:\n" + string.Concat(All.Select(w => Rule(site, w))));
        return $"""
              coder:
                adapter: claude
                command: [{await Rehearsal.Agents.ClaudeProgram()}]
                count: 3
                home: isolated
                environment:
                  set:
                    ANTHROPIC_BASE_URL: {_model.Url}
                    ANTHROPIC_API_KEY: test-key
                    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1"
                    DISABLE_AUTOUPDATER: "1"
            """;
    }

    private static bool Speaks(JsonElement request, string text) =>
        request.At("user_messages") is { ValueKind: JsonValueKind.Array } messages && messages.EnumerateArray().Any(m => m.GetString()!.Contains(text, StringComparison.Ordinal));

    private static string Rule(Site site, Work work) => $$"""
          - when: {{work.Prompt}}
            turns:
              - - say: I begin.
                - edit: {path: src/{{work.Key}}.txt, content: "begun ok\n"}
                - commit: Begin {{work.Key}}
                - wait_for: {{site.Shared}}/{{work.Key}}.go
                - edit: {path: src/{{work.Key}}-more.txt, content: "went on ok\n"}
                - commit: Go on with {{work.Key}}
                - say: Done.
              - when: {{work.Next}}
                steps:
                  - edit: {path: src/{{work.Key}}-steered.txt, content: "steered ok\n"}
                  - commit: Steered
                  - say: Steered.
            default: [{say: Nothing left to do.}]

        """;
}
