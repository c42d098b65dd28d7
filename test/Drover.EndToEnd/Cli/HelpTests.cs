using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Drover.EndToEnd.Cli;

public sealed partial class HelpTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_command_in_the_help_has_help_of_its_own_with_an_example()
    {
        var help = _place.Drover("--help");
        var commands = CommandLine().Matches(help.Output).Select(m => m.Groups[1].Value.TrimEnd()).ToList();

        Assert.Equal(0, help.ExitCode);
        foreach (var needed in new[] { "init", "up", "down", "status", "doctor", "demo", "ticket add", "run start", "logs", "events", "say", "diff", "approve", "merge", "why", "backup", "salvage list", "agents", "config check" })
            Assert.Contains(needed, commands);
        foreach (var command in commands)
        {
            var own = _place.Drover([.. command.Split(' '), "--help"]);
            Assert.Equal((0, ""), (own.ExitCode, own.Error));
            if (IsServers(command))
            {
                Assert.StartsWith($"usage: drover {command}", own.Output, StringComparison.Ordinal);
                continue;
            }

            Assert.Contains($"Usage: drover {command}", own.Output, StringComparison.Ordinal);
            Assert.Contains("Examples\n  ", own.Output, StringComparison.Ordinal);
            Assert.Contains("--json", own.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>Whether the server's program does it, and says itself how it is used.</summary>
    private static bool IsServers(string command) =>
        command is "init" or "doctor" or "demo" or "agents login" or "agents read" || command.StartsWith("config ", StringComparison.Ordinal);

    [Theory]
    [InlineData("did you mean 'status'?", "statsu")]
    [InlineData("did you mean 'add'?", "ticket", "ad")]
    [InlineData("did you mean --title?", "ticket", "add", "--titel", "x")]
    [InlineData("needs --title TEXT", "ticket", "add")]
    [InlineData("needs KEY", "ticket", "show")]
    [InlineData("takes nothing like 'more'", "status", "more")]
    [InlineData("--priority is a whole number", "ticket", "edit", "X-1", "--priority", "soon")]
    [InlineData("is one of: now, next, interrupt", "say", "x", "y", "--mode", "later")]
    public void Wrong_usage_names_the_mistake_and_the_remedy(string expected, params string[] arguments)
    {
        var ended = _place.Drover(arguments);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completion_knows_the_commands_and_their_options(string shell)
    {
        var script = _place.Drover("completion", shell);

        Assert.Equal(0, script.ExitCode);
        foreach (var word in new[] { "ticket", "add", "title", "instruction" }) Assert.Contains(word, script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bash_completes_with_the_script()
    {
        var script = _place.Drover("completion", "bash").Output;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c",
            script + "\nCOMP_WORDS=(drover ticket a); COMP_CWORD=2; _drover; echo \"${COMPREPLY[@]}\"; COMP_WORDS=(drover ticket add --ti); COMP_CWORD=3; _drover; echo \"${COMPREPLY[@]}\""])
        {
            RedirectStandardOutput = true,
        })!;

        Assert.Equal("add\n--title\n", bash.StandardOutput.ReadToEnd());
    }

    [GeneratedRegex(@"^  ([a-z-]+(?: [a-z-]+)?)  +\S", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
