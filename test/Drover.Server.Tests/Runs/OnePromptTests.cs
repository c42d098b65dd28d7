using System.Text.Json;
using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>Agents that are any program: they get one prompt, work and end.</summary>
public sealed class OnePromptTests
{
    /// <summary>Commits what it was given, byte for byte, and says the last line of it.</summary>
    private const string Keep = "git add given && git commit -qm Given && echo read && tail -n 1 given";

    [Theory]
    [InlineData("argument", "off", "printf '%s\\n' \"$2\" > given", "--task", "{prompt}")]
    [InlineData("input", "off", "cat > given")]
    [InlineData("file", "off", "cat \"$1\" > given; echo >> given")]
    [InlineData("file", "auto", "cat \"$1\" > given; echo >> given")]
    [InlineData("input", "auto", "cat > given")]
    [Trait("row", "M11")]
    [Trait("row", "C21")]
    public async Task The_prompt_reaches_the_program_as_it_is_and_never_a_shell(string way, string sandbox, string read, params string[] arguments)
    {
        await using var shop = await Open(way, sandbox, $"{read}\n{Keep}", arguments);

        var run = await shop.Settled(await shop.Start(await shop.File("$(touch owned) `touch owned` '; touch owned; #", "\\n \"quotes\" $HOME")));

        Assert.Equal((Outcome.Succeeded, 1), (run.Ending!.Outcome, run.Result.Commits));
        Assert.Equal(shop.Order(run).Prompt!.TrimEnd('\n'), shop.Repository.Run("show", $"{run.Result.Head}:given").TrimEnd('\n'));
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "owned")));
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.Text && e.Data.Contains("read", StringComparison.Ordinal));
        Assert.True(shop.Has(run, EventTypes.PromptAccepted));
    }

    [Fact]
    public async Task A_program_that_waits_for_the_end_of_its_input_is_not_left_waiting_when_the_prompt_is_an_argument()
    {
        await using var shop = await Open("argument", "off", $"cat > given; printf '%s' \"$1\" >> given\n{Keep}");

        var run = await shop.Settled(await shop.Start());

        Assert.Equal(Outcome.Succeeded, run.Ending!.Outcome);
    }

    [Fact]
    public async Task A_message_to_it_is_refused_with_the_reason_and_what_it_leaves_uncommitted_is_saved()
    {
        await using var shop = await Open("argument", "off", "echo begun; touch left; while [ ! -e \"$2\" ]; do sleep 0.05; done", "{prompt}", "SIGN");
        var run = await shop.Start();
        await shop.Live(run);

        var steer = await shop.Say(run, "use tabs", SteerMode.Now);
        await Workshop.Until(() => shop.Steer(steer).State == SteerState.Refused, () => shop.Steer(steer).State.Word());
        shop.Give("sign");
        run = await shop.Settled(run);

        Assert.Contains("one prompt", shop.Steer(steer).Why, StringComparison.Ordinal);
        Assert.Equal(FailureClass.NoCommits, run.Ending!.Class);
        Assert.Equal(["left"], run.Result.Dirty);
        Assert.NotEmpty(shop.Salvaged());
    }

    [Fact]
    public async Task A_prompt_that_no_argument_can_hold_is_refused_with_what_to_do()
    {
        await using var shop = await Open("argument", "off", "true");
        var criteria = Enumerable.Range(0, 50).Select(n => $"{n} {new string('羊', 990)}").ToArray();

        var run = await shop.Settled(await shop.Start(await shop.File("Long", null, criteria)));

        Assert.Equal(Outcome.Failed, run.Ending!.Outcome);
        Assert.Contains("prompt: input", run.Ending.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_exits_badly_has_failed_with_its_last_words()
    {
        await using var shop = await Open("argument", "off", "echo trying; echo 'HTTP 401 Unauthorized' >&2; exit 3");

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.Auth), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains("exited with 3", run.Ending.Reason, StringComparison.Ordinal);
    }

    private static async Task<Workshop> Open(string way, string sandbox, string script, params string[] arguments)
    {
        var shop = await Workshop.Open(Plan.Of("say: unused"));
        var file = Path.Combine(shop.Repository.Path, "program.sh");
        File.WriteAllText(file, script);
        string[] command = ["/bin/sh", file, .. arguments.Select(a => a == "SIGN" ? shop.Sign("sign") : a)];
        shop.Configure($$"""
            name: app
            agents:
              coder:
                adapter: command
                command: {{JsonSerializer.Serialize(command)}}
                home: isolated
                options: { prompt: {{way}} }
            sandbox: {{sandbox}}
            merge: never
            """);
        return shop;
    }
}
