using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>How each recording ends, in one word for every vendor.</summary>
public sealed class EndingsTests
{
    [Theory]
    [InlineData("codex/exec-command-failed", "succeeded")]
    [InlineData("codex/exec-error-auth", "failed/auth")]
    [InlineData("codex/exec-error-overloaded-recovered", "succeeded")]
    [InlineData("codex/exec-error-rate-limit", "failed/rate_limit retryable")]
    [InlineData("codex/exec-error-stream-dropped", "failed/connection retryable")]
    [InlineData("codex/exec-error-usage-limit", "failed/usage_limit retryable")]
    [InlineData("codex/exec-fork", "succeeded")]
    [InlineData("codex/exec-mcp", "succeeded")]
    [InlineData("codex/exec-resume-1", "succeeded")]
    [InlineData("codex/exec-resume-2", "succeeded")]
    [InlineData("codex/exec-sandbox-denied", "succeeded")]
    [InlineData("codex/exec-sigint", "failed/crashed retryable")]
    [InlineData("codex/exec-success", "succeeded")]
    [InlineData("gemini/error-auth", "failed/auth")]
    [InlineData("gemini/error-no-key", "failed/auth")]
    [InlineData("gemini/error-quota", "failed/usage_limit retryable")]
    [InlineData("gemini/error-stream-dropped", "failed/connection retryable")]
    [InlineData("gemini/max-turns", "succeeded")]
    [InlineData("gemini/rate-limit-recovered", "succeeded")]
    [InlineData("gemini/resume-1", "succeeded")]
    [InlineData("gemini/resume-2", "succeeded")]
    [InlineData("gemini/resume-unknown", "failed/other")]
    [InlineData("gemini/sigint-in-text", "failed/killed retryable")]
    [InlineData("gemini/success", "succeeded")]
    [InlineData("opencode/error-auth", "failed/auth")]
    [InlineData("opencode/error-bad-request", "failed/other")]
    [InlineData("opencode/permission-rejected-headless", "failed/refused")]
    [InlineData("opencode/rate-limit-recovered", "succeeded")]
    [InlineData("opencode/resume-1", "succeeded")]
    [InlineData("opencode/resume-2", "succeeded")]
    [InlineData("opencode/resume-fork", "succeeded")]
    [InlineData("opencode/sigint-in-text", "failed/killed retryable")]
    [InlineData("opencode/success", "succeeded")]
    [InlineData("opencode/tool-failed", "succeeded")]
    [InlineData("opencode/serve-abort.transcript", "interrupted", "succeeded")]
    [InlineData("opencode/serve-permission.transcript", "succeeded")]
    [InlineData("opencode/serve-retry.transcript", "succeeded", "failed/auth")]
    [InlineData("opencode/serve-steer.transcript", "succeeded", "succeeded")]
    [InlineData("claude/success", "succeeded")]
    [InlineData("claude/success-partial", "succeeded")]
    [InlineData("claude/thinking-partial", "succeeded")]
    [InlineData("claude/mcp", "succeeded")]
    [InlineData("claude/resume-1", "succeeded")]
    [InlineData("claude/resume-2", "succeeded")]
    [InlineData("claude/resume-fork", "succeeded")]
    [InlineData("claude/permission-denied-headless", "succeeded")]
    [InlineData("claude/error-overloaded-recovered", "succeeded")]
    [InlineData("claude/error-auth", "failed/auth")]
    [InlineData("claude/error-rate-limit", "failed/rate_limit retryable")]
    [InlineData("claude/error-usage-limit", "failed/usage_limit retryable until 2026-11-20T15:53:20Z")]
    [InlineData("claude/error-max-turns", "failed/max_turns")]
    [InlineData("claude/error-stream-dropped", "failed/connection retryable")]
    [InlineData("claude/resume-unknown", "failed/other")]
    [InlineData("claude/sigint-in-text", "failed/killed retryable")]
    [InlineData("claude/sigint-in-tool", "interrupted")]
    [InlineData("claude/control.transcript", "succeeded")]
    [InlineData("claude/permission.transcript", "succeeded")]
    [InlineData("claude/steer.transcript", "succeeded", "succeeded")]
    [InlineData("claude/interrupt.transcript", "interrupted", "succeeded")]
    [InlineData("claude/interrupt-in-tool.transcript", "interrupted", "succeeded")]
    [InlineData("claude/live-resumed.transcript", "succeeded")]
    [InlineData("claude/live-background-task.transcript", "succeeded", "succeeded")]
    [InlineData("claude/live-bad-key.transcript", "failed/auth")]
    [InlineData("claude/live-no-credit.transcript", "failed/usage_limit")]
    [InlineData("claude/live-overloaded.transcript", "failed/overloaded retryable")]
    [InlineData("claude/live-connection-refused.transcript", "failed/connection retryable")]
    [InlineData("claude/live-prompt-too-long.transcript", "failed/context")]
    [InlineData("claude/live-too-large.transcript", "failed/context")]
    [InlineData("claude/live-question.transcript", "succeeded")]
    [InlineData("claude/live-queued-in-text.transcript", "succeeded", "succeeded")]
    [InlineData("claude/live-interrupt-with-queue.transcript", "interrupted", "succeeded")]
    [InlineData("claude/live-interrupt-before-start.transcript", "interrupted", "succeeded")]
    [InlineData("claude/live-interrupt-in-question.transcript", "interrupted", "succeeded")]
    [InlineData("claude/live-stream-cut-cleanly.transcript", "failed/connection retryable")]
    [InlineData("claude/live-stream-dropped-after-block.transcript", "failed/connection retryable")]
    [InlineData("claude/live-stream-dropped-recovered.transcript", "succeeded")]
    [InlineData("claude/live-stream-dropped-silent.transcript", "failed/killed retryable")]
    [InlineData("pi/success", "succeeded")]
    [InlineData("pi/tool-failed", "succeeded")]
    [InlineData("pi/resume-1", "succeeded")]
    [InlineData("pi/resume-2", "succeeded")]
    [InlineData("pi/resume-fork", "succeeded")]
    [InlineData("pi/resume-unknown", "failed/other")]
    [InlineData("pi/error-auth", "failed/auth")]
    [InlineData("pi/error-stream-dropped-recovered", "succeeded")]
    [InlineData("pi/rpc-abort.transcript", "interrupted", "succeeded")]
    [InlineData("pi/rpc-error.transcript", "failed/rate_limit retryable")]
    [InlineData("pi/rpc-steer.transcript", "succeeded")]
    [InlineData("acp-gemini/success.transcript", "succeeded")]
    [InlineData("acp-gemini/fs-delegation.transcript", "succeeded")]
    [InlineData("acp-gemini/mcp.transcript", "succeeded")]
    [InlineData("acp-gemini/load-1.transcript", "succeeded")]
    [InlineData("acp-gemini/load.transcript", "succeeded")]
    [InlineData("acp-gemini/cancel.transcript", "interrupted", "succeeded")]
    [InlineData("acp-gemini/steer.transcript", "interrupted", "succeeded")]
    [InlineData("acp-gemini/error-auth.transcript", "failed/auth")]
    [InlineData("acp-gemini/error-rate-limit.transcript", "failed/usage_limit retryable")]
    [InlineData("acp-opencode/success.transcript", "succeeded")]
    [InlineData("acp-opencode/fs-delegation.transcript", "succeeded")]
    [InlineData("acp-opencode/mcp.transcript", "succeeded")]
    [InlineData("acp-opencode/load.transcript", "succeeded")]
    [InlineData("acp-opencode/reject.transcript", "succeeded")]
    [InlineData("acp-opencode/cancel.transcript", "interrupted", "succeeded")]
    [InlineData("acp-opencode/steer.transcript", "succeeded", "succeeded")]
    [InlineData("acp-opencode/error-auth.transcript", "failed/auth")]
    [InlineData("acp-opencode/live-steer-then-cancel.transcript", "interrupted", "interrupted", "succeeded")]
    [InlineData("acp-opencode/live-load-unknown.transcript", "failed/other")]
    [InlineData("acp-gemini/live-load-too-soon.transcript", "failed/other")]
    [InlineData("acp-claude-agent-acp/success.transcript", "succeeded")]
    [InlineData("acp-claude-agent-acp/load.transcript", "succeeded")]
    [InlineData("acp-claude-agent-acp/load-unknown.transcript", "failed/other")]
    [InlineData("acp-claude-agent-acp/cancel.transcript", "interrupted", "succeeded")]
    [InlineData("acp-claude-agent-acp/steer.transcript", "succeeded", "succeeded")]
    [InlineData("acp-claude-agent-acp/steer-then-cancel.transcript", "interrupted", "interrupted", "succeeded")]
    [InlineData("acp-claude-agent-acp/error-auth.transcript", "failed/auth")]
    [InlineData("acp-claude-agent-acp/error-rate-limit.transcript", "failed/rate_limit retryable")]
    [InlineData("codex/app-server-approval.transcript", "succeeded")]
    [InlineData("codex/app-server-error.transcript", "failed/rate_limit retryable")]
    [InlineData("codex/app-server-rate-limits.transcript", "succeeded")]
    [InlineData("codex/app-server-resume1.transcript", "succeeded")]
    [InlineData("codex/app-server-resume2.transcript", "succeeded")]
    [InlineData("codex/app-server-steer.transcript", "succeeded", "succeeded")]
    [InlineData("codex/app-server-success.transcript", "succeeded")]
    [InlineData("codex/app-server-usage-limit.transcript", "failed/usage_limit retryable")]
    [InlineData("codex/live-answer-too-long.transcript", "failed/context")]
    [InlineData("codex/live-asked-about-everything.transcript", "succeeded")]
    [InlineData("codex/live-at-capacity.transcript", "failed/overloaded retryable")]
    [InlineData("codex/live-bad-key.transcript", "failed/auth")]
    [InlineData("codex/live-bad-request.transcript", "failed/other")]
    [InlineData("codex/live-connection-refused.transcript", "failed/killed retryable")]
    [InlineData("codex/live-content-filter.transcript", "failed/refused")]
    [InlineData("codex/live-context-full.transcript", "failed/context")]
    [InlineData("codex/live-forked.transcript", "succeeded")]
    [InlineData("codex/live-interrupt-at-start.transcript", "interrupted", "succeeded")]
    [InlineData("codex/live-interrupt-in-command.transcript", "interrupted", "succeeded")]
    [InlineData("codex/live-interrupt-in-question.transcript", "interrupted", "succeeded")]
    [InlineData("codex/live-interrupt-in-text.transcript", "interrupted", "succeeded")]
    [InlineData("codex/live-killed-with-a-steer.transcript", "failed/killed retryable")]
    [InlineData("codex/live-missing-key.transcript", "failed/auth")]
    [InlineData("codex/live-nearly-at-the-limit.transcript", "succeeded")]
    [InlineData("codex/live-no-quota.transcript", "failed/usage_limit")]
    [InlineData("codex/live-no-such-model.transcript", "failed/other")]
    [InlineData("codex/live-rate-limit-recovered.transcript", "succeeded")]
    [InlineData("codex/live-rate-limit.transcript", "failed/rate_limit retryable")]
    [InlineData("codex/live-refused-for-policy.transcript", "failed/refused")]
    [InlineData("codex/live-resume-unknown.transcript", "failed/other")]
    [InlineData("codex/live-resumed-1.transcript", "succeeded")]
    [InlineData("codex/live-resumed-2.transcript", "succeeded")]
    [InlineData("codex/live-server-error.transcript", "failed/overloaded retryable")]
    [InlineData("codex/live-steer-dropped-by-interrupt.transcript", "interrupted", "succeeded")]
    [InlineData("codex/live-steer-in-command.transcript", "succeeded")]
    [InlineData("codex/live-steer-in-text.transcript", "succeeded")]
    [InlineData("codex/live-stream-dropped-recovered.transcript", "succeeded")]
    [InlineData("codex/live-stream-dropped.transcript", "failed/connection retryable")]
    [InlineData("codex/live-tool-server-asked.transcript", "succeeded")]
    [InlineData("codex/live-usage-limit.transcript", "failed/usage_limit retryable until 2026-11-20T15:53:20Z")]
    public void A_turn_ends_as_what_the_agent_did(string name, params string[] endings)
    {
        var replay = Replay.Of(GoldenTests.Named(name));

        Assert.Equal(endings, replay.Endings.Select(e => EventText.Ending(e)[..^(e.Reason.Length + 2)]));
    }

    [Fact]
    public void Every_recording_has_its_ending_in_the_table()
    {
        var tabled = typeof(EndingsTests).GetMethod(nameof(A_turn_ends_as_what_the_agent_did))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);

        Assert.Equal(Capture.All.Select(c => c.ToString()).Order(), tabled.Order());
    }

    [Theory]
    [InlineData("Claude AI usage limit reached|1795190000", FailureClass.UsageLimit, "2026-11-20T15:53:20+00:00")]
    [InlineData("You've hit your limit · resets 3:53pm (UTC)", FailureClass.UsageLimit, null)]
    [InlineData("You've reached your weekly usage limit · resets Monday", FailureClass.UsageLimit, null)]
    [InlineData("API Error: 500 Internal server error", FailureClass.Overloaded, null)]
    [InlineData("API Error: Connection error.", FailureClass.Connection, null)]
    [InlineData("API Error: 401 {\"type\":\"error\"}", FailureClass.Auth, null)]
    [InlineData("[API Error: 429 rate limit exceeded]", FailureClass.RateLimit, null)]
    public void A_limit_or_an_error_told_as_a_successful_answer_is_a_failure(string text, FailureClass expected, string? resetsAt)
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Line(Talk.Assistant(text));

        driver.Line(Talk.Result(text));

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((Outcome.Failed, expected), (ending.Outcome, ending.Class));
        Assert.Equal(resetsAt is null ? null : DateTimeOffset.Parse(resetsAt, null), ending.ResetsAt);
    }

    [Theory]
    [InlineData("I fixed the handling of rate limit errors; you've hit your limit is now shown to the user.")]
    [InlineData("The API Error class now carries the status 500.")]
    [InlineData("Done. See the section about usage limits in the README.")]
    public void An_agent_may_write_about_errors(string text)
    {
        var driver = Talk.Claude(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Init);
        driver.Line(Talk.Assistant(text));

        driver.Line(Talk.Result(text));

        Assert.Equal(TurnEnding.Succeeded, Assert.Single(driver.Endings));
    }

    [Theory]
    [InlineData(0, FailureClass.Killed)]
    [InlineData(130, FailureClass.Killed)]
    [InlineData(137, FailureClass.Killed)]
    [InlineData(1, FailureClass.Crashed)]
    [InlineData(null, FailureClass.Crashed)]
    public void A_process_that_ends_within_a_turn_has_failed_whatever_its_exit_code(int? code, FailureClass expected)
    {
        foreach (var driver in new[] { Talk.Claude(sandboxed: true), Talk.Acp(sandboxed: true), CodexLines.Driver(sandboxed: true) })
        {
            driver.Do(new Input.Prompt(Talk.First, "go"));

            driver.Do(new Input.Exited(code, "last words"));

            var ending = Assert.Single(driver.Endings);
            Assert.Equal((Outcome.Failed, expected), (ending.Outcome, ending.Class));
            Assert.Contains("last words", ending.Reason);
            Assert.False(driver.State.TurnOpen);
        }
    }

    [Fact]
    public void A_command_that_does_not_exist_is_not_worth_another_try()
    {
        foreach (var adapter in Adapters.All.Where(a => !a.Capabilities.TakesOnePrompt))
        {
            var driver = new Driver(adapter);
            driver.Do(new Input.Begin());
            driver.Do(new Input.Prompt(Talk.First, "go"));

            driver.Do(new Input.Exited(127, "sh: no-such-agent: not found"));

            var ending = Assert.Single(driver.Endings);
            Assert.Equal((FailureClass.Other, false), (ending.Class, ending.Retryable));
            Assert.Contains("no-such-agent", ending.Reason);
            Assert.Equal(Talk.First, Assert.Single(driver.Events.OfType<AgentEvent.MessageRefused>()).Message);
        }
    }

    [Fact]
    public void A_conversation_that_exists_is_not_begun_a_second_time_by_trying_again()
    {
        var driver = new Driver(Adapters.Find("claude")!);
        driver.Do(new Input.Begin());

        driver.Do(new Input.Exited(1, $"Error: Session ID {Requests.Conversation} is already in use."));

        var ending = Assert.Single(driver.Endings);
        Assert.Equal((FailureClass.Other, false), (ending.Class, ending.Retryable));
    }

    [Theory]
    [InlineData("""{"code":401,"message":"x"}""", FailureClass.Auth)]
    [InlineData("""{"code":-32000,"message":"Authentication required"}""", FailureClass.Auth)]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"errorKind":"authentication_failed"}}""", FailureClass.Auth)]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"details":"401 Incorrect API key provided"}}""", FailureClass.Auth)]
    [InlineData("""{"code":429,"message":"Too many requests"}""", FailureClass.RateLimit)]
    [InlineData("""{"code":429,"message":"You have exhausted your daily quota on this model."}""", FailureClass.UsageLimit)]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"errorKind":"rate_limit"}}""", FailureClass.RateLimit)]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"message":"limit","http_status_code":429}}""", FailureClass.RateLimit)]
    [InlineData("""{"code":-32603,"message":"Internal error: Overloaded"}""", FailureClass.Overloaded)]
    [InlineData("""{"code":-32603,"message":"fetch failed"}""", FailureClass.Connection)]
    [InlineData("""{"code":-32603,"message":"prompt is too long"}""", FailureClass.Context)]
    [InlineData("""{"code":-32603,"message":"something else"}""", FailureClass.Other)]
    [InlineData("""{"code":"what","message":7,"data":[1]}""", FailureClass.Other)]
    [InlineData("""null-less""", FailureClass.Other)]
    public void An_error_of_the_protocol_is_told_by_code_kind_status_or_words(string error, FailureClass expected)
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Line($$"""{"jsonrpc":"2.0","id":{{driver.Frames[^1]["id"]}},"error":{{(error[0] == '{' ? error : "\"odd\"")}}}""");

        Assert.Equal(expected, Assert.Single(driver.Endings).Class);
    }

    [Theory]
    [InlineData("""{"stopReason":"max_tokens"}""", FailureClass.Context)]
    [InlineData("""{"stopReason":"max_turn_requests"}""", FailureClass.MaxTurns)]
    [InlineData("""{"stopReason":"refusal"}""", FailureClass.Refused)]
    [InlineData("""{"stopReason":"a new one"}""", FailureClass.Protocol)]
    [InlineData("""{}""", FailureClass.Protocol)]
    [InlineData("""{"stopReason":"end_turn","usage":null,"_meta":{"codex":{"threadStatus":{"type":"systemError"}}}}""", FailureClass.RateLimit)]
    [InlineData("""{"stopReason":"end_turn"}""", FailureClass.RateLimit)]
    public void A_stop_reason_other_than_a_plain_end_is_a_failure_and_so_is_an_error_told_as_the_answer(string result, FailureClass expected)
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Error: 429 Too Many Requests"}}"""));

        driver.Line($$"""{"jsonrpc":"2.0","id":{{driver.Frames[^1]["id"]}},"result":{{result}}}""");

        Assert.Equal(expected, Assert.Single(driver.Endings).Class);
    }

    [Theory]
    [InlineData("API Error: 529 {\"type\":\"overloaded_error\"}", FailureClass.Overloaded)]
    [InlineData("[API Error: 429 rate limit exceeded]", FailureClass.RateLimit)]
    [InlineData("API error 401 unauthorized", FailureClass.Auth)]
    public void An_error_of_the_model_s_server_that_an_agent_over_ACP_tells_as_its_answer_is_a_failure(string text, FailureClass expected)
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Update($$$"""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{text.Replace("\"", "\\\"")}}}"}}"""));

        driver.Line($$$"""{"jsonrpc":"2.0","id":{{{driver.Frames[^1]["id"]}}},"result":{"stopReason":"end_turn"}}""");

        Assert.Equal((Outcome.Failed, expected), (Assert.Single(driver.Endings).Outcome, driver.Endings[0].Class));
    }
}
