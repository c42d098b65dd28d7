using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>The other real CLIs against the model server, each in the way in which it does one thing and ends.</summary>
public sealed class RealCommitTests
{
    private const string Script = """
        steps:
          - think: What a day.
          - say: I will write it.
          - edit: {path: sub/hello.txt, content: "hello\n"}
          - commit: "Say hello, it's done"
          - usage: {input: 150, output: 12, cache_read: 50}
          - say: Done.
        """;

    [Theory]
    [InlineData("codex", "responses")]
    [InlineData("gemini", "gemini")]
    [InlineData("opencode", "chat")]
    [InlineData("pi", "chat")]
    [InlineData("qwen", "chat")]
    public async Task It_edits_a_file_and_commits_it_as_the_script_says(string agent, string format)
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, new Dictionary<string, string> { [agent] = Script });
        await using var talk = await OneShot.Start(agent, scratch, $"{model.Url}/s/{agent}", "MARKER-1");
        var (exitCode, errors) = await talk.End();

        Assert.True(exitCode == 0, $"{exitCode}\n{string.Join('\n', talk.Lines)}\n{errors}");
        Assert.Equal("hello\n", scratch.Read("sub/hello.txt"));
        Assert.Equal("", scratch.Git("status", "--porcelain"));
        Assert.Equal("Say hello, it's done", scratch.Git("log", "-1", "--format=%s"));
        Assert.Contains(talk.Lines, line => line.Contains("Done.", StringComparison.Ordinal));
        var main = model.Log.Where(line => line.Text("kind") == "main").ToList();
        Assert.Equal([1, 2, 3], main.Select(line => line.At("reply").GetInt32()));
        Assert.All(main, line => Assert.Equal((format, agent, 1), (line.Text("format"), line.Text("script"), line.At("turn").GetInt32())));
        Assert.All(main, line => Assert.Equal("MARKER-1", Assert.Single(line.At("user_messages").EnumerateArray()).GetString()!.Trim('"')));
    }

    [Theory]
    [InlineData("codex", "413", "ran out of room in the model's context window")]
    [InlineData("codex", "529", "model is at capacity")]
    [InlineData("codex", "limit", "hit your usage limit")]
    [InlineData("codex", "dropped", "stream disconnected before completion")]
    [InlineData("gemini", "limit", "exhausted your daily quota")]
    [InlineData("pi", "401", "401 Incorrect API key provided")]
    public async Task It_understands_what_goes_wrong(string agent, string trouble, string words)
    {
        using var scratch = new Scratch();
        await using var model = await ModelProcess.Start(scratch, trouble switch
        {
            "limit" => "steps: [{usage_limit: {resets_in: 2h}}]",
            "dropped" => "steps: [{say: partial}, drop]",
            _ => $"steps: [{{error: {trouble}}}]",
        });
        await using var talk = await OneShot.Start(agent, scratch, model.Url, "go");
        var (_, errors) = await talk.End();

        Assert.True(talk.Lines.Any(line => line.Contains(words, StringComparison.Ordinal)), $"{string.Join('\n', talk.Lines)}\n{errors}");
    }
}
