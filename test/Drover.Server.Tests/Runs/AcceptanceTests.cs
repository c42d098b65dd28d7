using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>Three ways in which a first prompt is not accepted, each a failure of its own.</summary>
public sealed class AcceptanceTests
{
    [Fact]
    [Trait("row", "Y14")]
    public Task A_prompt_that_the_agent_never_takes_up_is_silence() =>
        Fails($"{Plan.Answer}\nread -r prompt\nsleep 1000\n", FailureClass.Silent, "did not take up its first prompt within 10 s");

    [Fact]
    [Trait("row", "Y14")]
    public Task An_agent_that_ends_before_it_takes_up_its_prompt_has_crashed() =>
        Fails($"{Plan.Answer}\nread -r prompt\necho 'no licence' >&2\nexit 3\n", FailureClass.Crashed, "no licence");

    [Fact]
    [Trait("row", "Y14")]
    public Task A_prompt_that_the_agent_refuses_is_its_refusal() => Fails($$$"""
        {{{Plan.Answer}}}
        read -r prompt
        echo '{"type":"result","subtype":"success","is_error":true,"api_error_status":401,"result":"Invalid API key","terminal_reason":"completed","usage":{"input_tokens":0,"output_tokens":0}}'
        read -r more
        """, FailureClass.Auth, "Invalid API key");

    [Theory]
    [Trait("row", "Y14")]
    [InlineData("echo '{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"uuid\":\"00000000-0000-4000-8000-000000000000\",\"isReplay\":true}'")]
    [InlineData("echo '{\"type\":\"system\",\"subtype\":\"status\",\"status\":\"requesting\"}'")]
    public async Task An_echo_of_another_message_and_mere_activity_are_no_acceptance(string line)
    {
        await using var shop = await Workshop.Open(Plan.Program($"{Plan.Answer}\nread -r prompt\n{line}\nread -r more\n"));
        var run = await shop.Start();
        await Workshop.Until(() => shop.Get(run).Progress.Watermark > 100 && shop.Get(run).Progress.PromptWrittenAt is not null, () => shop.Describe(run));

        Assert.Equal(RunState.Starting, shop.Get(run).State);
        Assert.Null(shop.Get(run).Progress.AcceptedAt);
        await shop.Stop(run);
    }

    private static async Task Fails(string agent, FailureClass why, string saying)
    {
        await using var shop = await Workshop.Open(Plan.Program(agent));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, why), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Contains(saying, run.Ending.Reason, StringComparison.Ordinal);
        // An answer to the prompt is evidence that it was read, whatever the answer is.
        Assert.Equal(why == FailureClass.Auth, shop.Has(run, EventTypes.PromptAccepted));
    }
}
