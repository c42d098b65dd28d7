using System.Diagnostics;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

public sealed class DemoScriptTests
{
    [Theory]
    [InlineData("slugify")]
    [InlineData("truncate")]
    [InlineData("median")]
    public async Task Each_ticket_of_the_demo_leaves_a_commit_whose_tests_pass(string function)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Repository, "src"));
        Directory.CreateDirectory(Path.Combine(scratch.Repository, "test"));
        File.WriteAllText(Path.Combine(scratch.Repository, "package.json"), """{"type": "module", "private": true}""");
        scratch.Git("add", "-A");
        scratch.Git("commit", "-q", "-m", "A project");
        await using var agent = Agents.ScriptedStreamJson(scratch, "builtin:demo");

        await agent.Send(StreamJsonFrames.User($"Ticket DEMO-1: Add {function}\n\nWith a test."));
        await agent.Until(Json.IsResult);
        await agent.End();

        Assert.Equal($"Add {function}", scratch.Git("log", "-1", "--format=%s"));
        Assert.Equal("", scratch.Git("status", "--porcelain"));
        Assert.Equal($"src/{function}.js\ntest/{function}.test.js", scratch.Git("diff", "--name-only", "HEAD~1", "HEAD"));
        using var tests = Process.Start(new ProcessStartInfo("node", ["--test"]) { WorkingDirectory = scratch.Repository, RedirectStandardOutput = true })!;
        var report = await tests.StandardOutput.ReadToEndAsync();
        await tests.WaitForExitAsync();
        Assert.True(tests.ExitCode == 0, report);
    }
}
