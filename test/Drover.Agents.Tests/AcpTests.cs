using System.Text.Json.Nodes;
using Drover.Agents.Acp;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>What is special about the Agent Client Protocol.</summary>
public sealed class AcpTests
{
    private static string Permission(string id, string options, string call = """{"toolCallId":"t-1","kind":"execute","title":"make"}""") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"session/request_permission","params":{"sessionId":"s-1","toolCall":{{{call}}},"options":{{{options}}}}}""";

    private const string Usual =
        """[{"optionId":"A","kind":"allow_always"},{"optionId":"a","kind":"allow_once"},{"optionId":"r","kind":"reject_once"}]""";

    private static Driver Working(bool sandboxed)
    {
        var driver = Talk.Acp(sandboxed);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();
        driver.Frames.Clear();
        return driver;
    }

    [Theory]
    [InlineData("0", Usual, "a")]
    [InlineData("\"6f1c-uuid\"", Usual, "a")]
    [InlineData("7", """[{"optionId":"A","kind":"allow_always"},{"optionId":"r","kind":"reject_once"}]""", "A")]
    public void Inside_the_sandbox_a_question_is_allowed_by_its_kind_and_once_if_possible(string id, string options, string chosen)
    {
        var driver = Working(sandboxed: true);

        driver.Line(Permission(id, options));

        var answer = Assert.Single(driver.Frames);
        Assert.Equal(id, answer["id"]!.ToJsonString());
        Assert.Equal(chosen, (string)answer["result"]!["outcome"]!["optionId"]!);
        Assert.Equal(0, driver.Count<AgentEvent.ApprovalAsked>());
        Assert.Equal(1, driver.Count<AgentEvent.ToolCalled>());
    }

    [Theory]
    [InlineData(true, "a")]
    [InlineData(false, "r")]
    public void Without_a_sandbox_a_human_is_asked_once_and_the_answer_chooses_by_kind(bool allow, string chosen)
    {
        var driver = Working(sandboxed: false);
        driver.Line(Permission("0", Usual));
        driver.Line(Permission("0", Usual));

        driver.Do(new Input.Answer(Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).ApprovalId, allow, null));
        driver.Do(new Input.Answer("0", !allow, null));

        Assert.Equal(chosen, (string)Assert.Single(driver.Frames)["result"]!["outcome"]!["optionId"]!);
    }

    [Theory]
    [InlineData("""{"kind":"execute","title":"git status"}""", true)]
    [InlineData("""{"kind":"execute","title":"git status","rawInput":{"command":"git status"}}""", true)]
    [InlineData("""{"kind":"execute","title":"git status","rawInput":{"command":"curl evil"}}""", false)]
    [InlineData("""{"kind":"execute","title":"git status","rawInput":{"script":"curl evil"}}""", false)]
    public void What_is_allowed_unasked_is_the_command_and_not_what_it_is_called(string call, bool allowed)
    {
        using var read = System.Text.Json.JsonDocument.Parse(call);

        Assert.Equal(allowed, AcpPolicy.Allows(read.RootElement, "/repo"));
    }

    [Theory]
    [InlineData("""{"toolCallId":"t-1","kind":"execute","title":"npm test"}""", "npm test", true)]
    [InlineData("""{"toolCallId":"t-1","kind":"execute","title":"Run the tests","rawInput":{"command":"npm test"}}""", "npm test", true)]
    [InlineData("""{"toolCallId":"t-1","kind":"execute","title":"npm test","rawInput":{"script":"curl evil"}}""", "npm test", false)]
    public void A_title_is_taken_for_the_command_only_where_nothing_else_is_told(string call, string command, bool whole)
    {
        var driver = Working(sandboxed: false);

        driver.Line(Permission("0", Usual, call));

        var what = Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).What;
        Assert.Equal((command, whole), (what.Command, what.IsWhole));
    }

    [Fact]
    public void A_question_that_offers_no_allowance_is_not_allowed_by_guessing()
    {
        var driver = Working(sandboxed: true);
        driver.Line(Permission("0", """[{"optionId":"x","kind":"something_new"}]"""));

        driver.Do(new Input.Answer("0", Allow: true, null));

        Assert.Equal("""{"outcome":"cancelled"}""", Assert.Single(driver.Frames)["result"]!["outcome"]!.ToJsonString());
    }

    [Fact]
    public void An_interrupt_cancels_the_turn_and_every_open_question()
    {
        var driver = Working(sandboxed: false);
        driver.Line(Permission("0", Usual));
        driver.Line(Permission("\"b\"", Usual, """{"toolCallId":"t-2","kind":"execute","title":"rm x"}"""));

        driver.Do(new Input.Interrupt());
        driver.Do(new Input.Interrupt());
        driver.Line(Permission("5", Usual, """{"toolCallId":"t-3","kind":"execute","title":"rm y"}"""));

        Assert.Equal("session/cancel", (string)driver.Frames[0]["method"]!);
        Assert.Null(driver.Frames[0]["id"]);
        Assert.Equal(["0", "\"b\"", "5"], driver.Frames.Skip(1).Select(f => f["id"]!.ToJsonString()));
        Assert.All(driver.Frames.Skip(1), f => Assert.Equal("cancelled", (string)f["result"]!["outcome"]!["outcome"]!));
        Assert.Equal(["0", "\"b\""], driver.Events.OfType<AgentEvent.ApprovalWithdrawn>().Select(e => e.ApprovalId));
    }

    [Fact]
    public void An_error_that_answers_a_cancelled_prompt_is_the_interruption()
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        var id = driver.Frames[^1]["id"];
        driver.Do(new Input.Interrupt());

        driver.Line($$$"""{"id":{{{id}}},"error":{"code":-32603,"message":"The operation was aborted"}}""");

        Assert.Equal(Outcome.Interrupted, Assert.Single(driver.Endings).Outcome);
    }

    [Theory]
    [InlineData("fs/read_text_file")]
    [InlineData("fs/write_text_file")]
    [InlineData("terminal/create")]
    [InlineData("_vendor/news")]
    public void A_request_that_is_not_offered_gets_the_error_of_the_protocol(string method)
    {
        var driver = Working(sandboxed: true);

        var step = driver.Line($$$"""{"jsonrpc":"2.0","id":0,"method":"{{{method}}}","params":{"path":"/etc/passwd"}}""");

        Assert.IsType<AgentEvent.Raw>(Assert.Single(step.Events));
        Assert.Equal((0, -32601), ((int)driver.Frames[0]["id"]!, (int)driver.Frames[0]["error"]!["code"]!));
    }

    [Fact]
    public void Chunks_are_joined_until_another_kind_begins()
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        foreach (var (kind, text) in new[] { ("thought", "h"), ("thought", "m"), ("message", "I "), ("message", "will") })
            driver.Line(Talk.Update($$$"""{"sessionUpdate":"agent_{{{kind}}}_chunk","content":{"type":"text","text":"{{{text}}}"}}"""));
        driver.Line(Talk.Update("""{"sessionUpdate":"tool_call","toolCallId":"t","kind":"read","rawInput":{"path":"x"},"status":"in_progress"}"""));
        driver.Line(Talk.Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"done"}}"""));
        driver.Ends();

        Assert.Equal(["Thought hm", "Said I will", "ToolCalled read", "Said done"], driver.Events.Select(e => e switch
        {
            AgentEvent.Thought t => $"Thought {t.Text}",
            AgentEvent.Said s => $"Said {s.Text}",
            AgentEvent.ToolCalled c => $"ToolCalled {c.Tool}",
            _ => null,
        }).OfType<string>());
        Assert.Equal("done", driver.Events.OfType<AgentEvent.TurnEnded>().Single().Summary);
    }

    [Fact]
    public void A_tool_of_which_only_the_end_is_told_was_called_too()
    {
        var driver = Working(sandboxed: true);

        driver.Line(Talk.Update("""{"sessionUpdate":"tool_call_update","toolCallId":"t","kind":"execute","title":"ls","status":"failed","rawOutput":{"output":"no"}}"""));
        driver.Line(Talk.Update("""{"sessionUpdate":"tool_call_update","toolCallId":"t","status":"failed"}"""));

        Assert.Equal(new AgentEvent.ToolCalled("t", "execute", """{"title":"ls"}"""), Assert.Single(driver.Events.OfType<AgentEvent.ToolCalled>()));
        Assert.Equal(new AgentEvent.ToolReturned("t", "no", true), Assert.Single(driver.Events.OfType<AgentEvent.ToolReturned>()));
    }

    [Fact]
    public void News_of_the_session_is_no_receipt_for_a_prompt()
    {
        var driver = Talk.Acp(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));

        driver.Line(Talk.Update("""{"sessionUpdate":"available_commands_update","availableCommands":[]}"""));
        driver.Line(Talk.Update("""{"sessionUpdate":"user_message_chunk","content":{"type":"text","text":"old"}}"""));

        Assert.IsType<AgentEvent.MessageWritten>(Assert.Single(driver.Events));
    }

    [Fact]
    public void Where_a_mode_allows_everything_it_is_set_inside_the_sandbox_and_awaited()
    {
        var driver = Opened(sandboxed: true, """{"sessionId":"s-1","modes":{"currentModeId":"default","availableModes":[{"id":"default"},{"id":"autoEdit"},{"id":"yolo"}]}}""");
        var set = driver.Frames[^1];
        Assert.Equal(("session/set_mode", "yolo"), ((string)set["method"]!, (string)set["params"]!["modeId"]!));
        Assert.Equal(0, driver.Count<AgentEvent.HandshakeAnswered>());

        driver.Line($$$"""{"id":{{{set["id"]}}},"result":{}}""");

        Assert.Equal(1, driver.Count<AgentEvent.HandshakeAnswered>());
        Assert.Equal(["go"], driver.Written());
    }

    [Theory]
    [InlineData("""{"sessionId":"s-1","models":{"currentModelId":"a","availableModels":[]}}""", "session/set_model", "modelId")]
    [InlineData("""{"sessionId":"s-1","configOptions":[{"id":"model","category":"model","currentValue":"a"}]}""", "session/set_config_option", "value")]
    public void A_wanted_model_is_set_the_way_the_agent_offers(string opened, string method, string member)
    {
        var driver = Opened(sandboxed: false, opened, model: "b");

        Assert.Equal((method, "b"), ((string)driver.Frames[^1]["method"]!, (string)driver.Frames[^1]["params"]![member]!));
    }

    [Fact]
    public void A_model_that_the_agent_refuses_fails_the_start_and_nothing_is_prompted()
    {
        var driver = Opened(sandboxed: false, """{"sessionId":"s-1","models":{"currentModelId":"a"}}""", model: "b");

        driver.Line($$$"""{"id":{{{driver.Frames[^1]["id"]}}},"error":{"code":-32602,"message":"no such model"}}""");

        Assert.Contains("no such model", Assert.Single(driver.Endings).Reason);
        Assert.Empty(driver.Written());
        Assert.Equal(1, driver.Count<AgentEvent.MessageRefused>());
        Assert.False(driver.State.TurnOpen);
        driver.Do(new Input.Exited(0, ""));
        Assert.Single(driver.Endings);
    }

    [Theory]
    [InlineData("""{"id":1,"result":{"protocolVersion":2}}""", FailureClass.Protocol)]
    [InlineData("""{"id":1,"result":{}}""", FailureClass.Protocol)]
    [InlineData("""{"id":1,"error":{"code":-32000,"message":"Authentication required"}}""", FailureClass.Auth)]
    public void An_agent_that_cannot_be_greeted_has_failed(string answer, FailureClass expected)
    {
        var driver = new Driver(Adapters.Find("acp")!);
        driver.Do(new Input.Begin());

        driver.Line(answer);

        Assert.Equal(expected, Assert.Single(driver.Endings).Class);
    }

    [Theory]
    [InlineData("""{"loadSession":true}""", "session/load")]
    [InlineData("""{"sessionCapabilities":{"resume":{}}}""", "session/resume")]
    public void A_conversation_is_resumed_the_way_the_agent_can(string abilities, string method)
    {
        var driver = new Driver(Adapters.Find("acp")!, resume: "old");
        driver.Do(new Input.Begin());

        driver.Line($$$"""{"id":1,"result":{"protocolVersion":1,"agentCapabilities":{{{abilities}}}}}""");

        Assert.Equal((method, "old", "/repo"), ((string)driver.Frames[^1]["method"]!, (string)driver.Frames[^1]["params"]!["sessionId"]!, (string)driver.Frames[^1]["params"]!["cwd"]!));
    }

    [Fact]
    public void An_agent_that_cannot_resume_says_so_instead_of_beginning_anew()
    {
        var driver = new Driver(Adapters.Find("acp")!, resume: "old");
        driver.Do(new Input.Begin());

        driver.Line("""{"id":1,"result":{"protocolVersion":1,"agentCapabilities":{}}}""");

        Assert.StartsWith("the conversation is not known", Assert.Single(driver.Endings).Reason);
        Assert.Single(driver.Frames);
    }

    [Fact]
    public void What_a_loaded_conversation_has_cost_before_is_not_counted_again()
    {
        var driver = new Driver(Adapters.Find("acp")!, sandboxed: true, resume: "s-1");
        driver.Do(new Input.Begin());
        driver.Line("""{"id":1,"result":{"protocolVersion":1,"agentCapabilities":{"loadSession":true}}}""");
        driver.Line(Talk.Update("""{"sessionUpdate":"usage_update","cost":{"amount":2.5,"currency":"USD"}}"""));
        driver.Line("""{"id":2,"result":{}}""");
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line(Talk.Update("""{"sessionUpdate":"usage_update","cost":{"amount":2.75,"currency":"USD"}}"""));

        driver.Ends();

        Assert.Equal(0.25m, Assert.Single(driver.Events.OfType<AgentEvent.Usage>()).Usd);
    }

    [Fact]
    public void The_command_is_the_users_and_there_is_none_by_default()
    {
        var adapter = Adapters.Find("acp")!;
        var launch = adapter.Plan(Requests.For("acp", sandboxed: false) with { Program = ["/usr/bin/gemini", "--acp"] });

        Assert.Equal(["/usr/bin/gemini", "--acp"], launch.Arguments);
        Assert.Equal("true", launch.Environment["GEMINI_CLI_NO_RELAUNCH"]);
        Assert.Contains(".gemini/", launch.HomePaths);
        Assert.Throws<LaunchImpossibleException>(() => adapter.Plan(Requests.For("acp", sandboxed: false) with { Program = [] }));
    }

    [Theory]
    [InlineData("git add -A && git commit -m 'add hello'", true)]
    [InlineData("git status", true)]
    [InlineData("git commit -m \"a; b && c | d\"", true)]
    [InlineData("git diff; git log -3", true)]
    [InlineData("git push origin main", false)]
    [InlineData("git -c core.pager=evil log", false)]
    [InlineData("git diff --output=/etc/passwd", false)]
    [InlineData("git add . && rm -rf /", false)]
    [InlineData("git add . & rm x", false)]
    [InlineData("git add . | sh", false)]
    [InlineData("git log > /etc/passwd", false)]
    [InlineData("git commit -m \"$(rm x)\"", false)]
    [InlineData("git commit -m `rm x`", false)]
    [InlineData("git commit -m 'unclosed", false)]
    [InlineData("git add .\nrm x", false)]
    [InlineData("gitx add", false)]
    [InlineData("'git' 'commit' -m x", true)]
    [InlineData("GIT_SSH=x git status", false)]
    [InlineData("&& git status", false)]
    [InlineData("git log --outp=x", false)]
    [InlineData("git log --o=x", false)]
    [InlineData("git diff --ext-d", false)]
    [InlineData("git show --textco", false)]
    [InlineData("git commit --ed -m x", false)]
    [InlineData("git add --inter", false)]
    [InlineData("git add --pat", false)]
    [InlineData("git add -e", false)]
    [InlineData("git add -Ap", false)]
    [InlineData("git commit -em x", false)]
    [InlineData("git commit -F /etc/passwd", false)]
    [InlineData("git commit --templ=/etc/passwd", false)]
    [InlineData("git diff -Oorder", false)]
    [InlineData("git diff --no-index /etc/passwd x", false)]
    [InlineData("git add --pathspec-from-file=x", false)]
    [InlineData("git log --no-such-option", false)]
    [InlineData("git add -A -- --ext-diff -e", true)]
    [InlineData("git commit -qam 'the -e option' --amend", true)]
    [InlineData("git log --oneline --max-count=3 -p", true)]
    [InlineData("git rev-parse --short HEAD", true)]
    [InlineData("", false)]
    public void Of_commands_only_plain_git_is_allowed_unasked(string command, bool allowed) => Assert.Equal(allowed, PlainGit.Is(command));

    [Theory]
    [InlineData("/repo/src/a.cs", true)]
    [InlineData("src/a.cs", true)]
    [InlineData("/repo", false)]
    [InlineData("/repository/a.cs", false)]
    [InlineData("/repo/../etc/passwd", false)]
    [InlineData("../etc/passwd", false)]
    [InlineData("/repo/.git", false)]
    [InlineData("/repo/.git/hooks/pre-commit", false)]
    [InlineData("/repo/sub/.GIT/config", false)]
    [InlineData("/repo/.gitignore", true)]
    [InlineData("/repo/a\0b", false)]
    public void Of_edits_only_those_in_the_worktree_are_allowed_unasked(string path, bool allowed) => Assert.Equal(allowed, AcpPolicy.IsBelow(path, "/repo"));

    private static Driver Opened(bool sandboxed, string result, string? model = null)
    {
        var driver = new Driver(Adapters.Find("acp")!, sandboxed, model: model);
        driver.Do(new Input.Begin());
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Line("""{"id":1,"result":{"protocolVersion":1}}""");
        driver.Line($$$"""{"id":2,"result":{{{result}}}}""");
        return driver;
    }
}
