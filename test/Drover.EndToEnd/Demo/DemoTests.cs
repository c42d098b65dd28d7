using System.Text.Json;
using Drover.EndToEnd.Cli;
using Xunit;

namespace Drover.EndToEnd.Demo;

/// <summary>The demo as a user runs it; what it claims is looked up in its repository.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly string[] Tasks = ["slugify", "truncate", "median"];

    private readonly Workplace _place = new();
    private string? _top;

    [Fact]
    public void Three_scripted_agents_land_three_tickets_on_main()
    {
        var summary = Play("--stop");

        AssertMainHoldsAll(summary);
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("page").ValueKind);
    }

    [Fact]
    public async Task Three_of_the_real_program_do_the_same_against_the_model_server()
    {
        var summary = Play("--stop", "--agent", "claude", "--program", await Rehearsal.Agents.ClaudeProgram());

        AssertMainHoldsAll(summary);
        Assert.False(summary.GetProperty("live").GetBoolean());
    }

    [Fact]
    public void Without_stop_the_server_stays_up_to_be_looked_at()
    {
        var summary = Play();
        var home = new Dictionary<string, string> { ["DROVER_HOME"] = summary.GetProperty("home").GetString()! };

        Assert.StartsWith("http://127.0.0.1:", summary.GetProperty("page").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, _place.DroverWith(home, "logs", "coder-demo-1").ExitCode);
        Assert.Equal(0, _place.DroverWith(home, "down").ExitCode);
    }

    [Theory]
    [InlineData("--agent", "nobody")]
    [InlineData("--live")]
    [InlineData("--fast")]
    public void What_it_does_not_know_it_refuses_before_anything_is_made(params string[] arguments)
    {
        var ended = _place.Drover(["demo", .. arguments]);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("usage: drover demo", ended.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _place.Dispose();
        if (_top is not null) Directory.Delete(_top, recursive: true);
    }

    private JsonElement Play(params string[] arguments)
    {
        var ended = _place.Drover(["demo", "--json", .. arguments]);
        Assert.True(ended.ExitCode == 0, $"drover demo: {ended.Output}{ended.Error}");
        var summary = JsonDocument.Parse(ended.Output).RootElement;
        _top = Path.GetDirectoryName(summary.GetProperty("home").GetString()!);
        return summary;
    }

    private void AssertMainHoldsAll(JsonElement summary)
    {
        var repository = summary.GetProperty("repository").GetString()!;
        var files = _place.Git(repository, "ls-tree", "-r", "--name-only", "main").Split('\n');
        foreach (var task in Tasks)
        {
            Assert.Contains($"src/{task}.js", files);
            Assert.Contains($"test/{task}.test.js", files);
        }

        Assert.Equal(summary.GetProperty("main").GetString(), _place.Git(repository, "rev-parse", "main").Trim());
        Assert.Equal("", _place.Git(repository, "status", "--porcelain"));
        Assert.Equal(3, _place.Git(repository, "log", "--merges", "--format=%H", "main").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(summary.GetProperty("runs").EnumerateArray(), run =>
        {
            Assert.Equal("succeeded", run.GetProperty("outcome").GetString());
            Assert.Equal((1, 2), (run.GetProperty("work").GetProperty("commits").GetInt32(), run.GetProperty("work").GetProperty("files").GetInt32()));
            Assert.True(run.GetProperty("usage").GetProperty("output").GetInt64() > 0);
        });
        Assert.Empty(summary.GetProperty("problems").EnumerateArray());
    }
}
