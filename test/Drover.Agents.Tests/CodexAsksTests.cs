using Drover.Agents.Codex;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>The server's requests to us. None is left without an answer.</summary>
public sealed class CodexAsksTests
{
    private const string Command = "item/commandExecution/requestApproval";

    private static string Request(string id, string method, string parameters) =>
        $$$"""{"method":"{{{method}}}","id":{{{id}}},"params":{"threadId":"th-1","turnId":"t-1","itemId":"c",{{{parameters}}}}}""";

    private static Driver Working(bool sandboxed)
    {
        var driver = CodexLines.Driver(sandboxed);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();
        driver.Events.Clear();
        driver.Frames.RemoveAll(f => (string?)f["method"] != "turn/start");
        return driver;
    }

    private static string Answer(Driver driver) => driver.Frames[^1]["result"]!.ToJsonString();

    [Theory]
    [InlineData(true, """{"decision":"accept"}""")]
    [InlineData(false, """{"decision":"decline"}""")]
    public void A_question_is_asked_once_and_answered_once(bool allow, string answer)
    {
        var driver = Working(sandboxed: false);
        var request = Request("0", Command, """ "reason":"to publish","command":"/bin/bash -lc 'git push'","cwd":"/repo" """);
        driver.Line(request);
        driver.Line(request);
        var asked = Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>());
        Assert.Equal((AskedKind.Command, "git push", "to publish"), (asked.What.Kind, asked.What.Command, asked.What.Text));

        driver.Do(new Input.Answer(asked.ApprovalId, allow, null));
        driver.Do(new Input.Answer(asked.ApprovalId, !allow, null));
        driver.Line("""{"method":"serverRequest/resolved","params":{"threadId":"th-1","requestId":0}}""");

        Assert.Equal(2, driver.Frames.Count);
        Assert.Equal(answer, Answer(driver));
        Assert.Equal(0, driver.Count<AgentEvent.ApprovalWithdrawn>());
    }

    [Fact]
    public void A_change_of_files_is_asked_about_with_what_it_changes()
    {
        var driver = Working(sandboxed: false);
        driver.Line(CodexLines.Item("started", "t-1", """{"type":"fileChange","id":"c","changes":[{"path":"/repo/a.txt","kind":{"type":"add"},"diff":"hello\n"},{"path":"/repo/b.txt","diff":"-x"}],"status":"inProgress"}"""));

        driver.Line(Request("\"uuid\"", "item/fileChange/requestApproval", """ "reason":null,"grantRoot":null """));

        var asked = Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>());
        Assert.Equal((AskedKind.Edit, "\"uuid\""), (asked.What.Kind, asked.ApprovalId));
        Assert.Equal(["/repo/a.txt", "/repo/b.txt"], asked.What.Files);
        Assert.Equal("hello\n\n-x", asked.What.Diff);
        Assert.False(asked.What.IsCut);
    }

    [Fact]
    public void A_change_names_where_a_file_is_moved_to()
    {
        var driver = Working(sandboxed: false);
        driver.Line(CodexLines.Item("started", "t-1", """{"type":"fileChange","id":"c","changes":[{"path":"/repo/docs/a","kind":{"type":"update","move_path":"/repo/.github/a"},"diff":"x"}],"status":"inProgress"}"""));

        driver.Line(Request("0", "item/fileChange/requestApproval", """ "reason":null """));

        Assert.Equal(["/repo/docs/a", "/repo/.github/a"], Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).What.Files);
    }

    [Theory]
    [InlineData("""{"path":"/repo/a.txt"},{"kind":{"type":"add"}}""", "")]
    [InlineData("""{"path":"/repo/a.txt"}""", "\"grantRoot\":\"/\",")]
    [InlineData("", "")]
    public void A_change_that_goes_beyond_the_files_it_names_is_not_seen_whole(string changes, string more)
    {
        var driver = Working(sandboxed: false);
        driver.Line(CodexLines.Item("started", "t-1", $$$"""{"type":"fileChange","id":"c","changes":[{{{changes}}}],"status":"inProgress"}"""));

        driver.Line(Request("0", "item/fileChange/requestApproval", more + """ "reason":null """));

        var what = Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).What;
        Assert.Equal((AskedKind.Edit, false), (what.Kind, what.IsWhole));
    }

    [Theory]
    [InlineData(""" "kind":"writeStdin","command":"git status" """, AskedKind.Command, false)]
    [InlineData(""" "command":"git status","additionalPermissions":{"network":{"enabled":true}} """, AskedKind.Command, false)]
    [InlineData(""" "command":"git status","cwd":"/tmp" """, AskedKind.Command, false)]
    [InlineData(""" "command":"git status","cwd":"/repository" """, AskedKind.Command, false)]
    [InlineData(""" "command":"git status","cwd":"/repo/../tmp" """, AskedKind.Command, false)]
    [InlineData(""" "command":null,"networkApprovalContext":{"host":"example.org","protocol":"https"} """, AskedKind.Fetch, false)]
    [InlineData(""" "command":"git status","cwd":"/repo" """, AskedKind.Command, true)]
    [InlineData(""" "command":"git status","cwd":"/repo/src" """, AskedKind.Command, true)]
    [InlineData(""" "kind":"command","command":"git status" """, AskedKind.Command, true)]
    [InlineData(""" "command":"git status","additionalPermissions":null """, AskedKind.Command, true)]
    public void Only_a_plain_command_in_the_worktree_can_be_judged_by_its_looks(string parameters, AskedKind expected, bool whole)
    {
        var driver = Working(sandboxed: false);

        driver.Line(Request("0", Command, parameters));

        var what = Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).What;
        Assert.Equal((expected, whole), (what.Kind, what.IsWhole));
    }

    [Theory]
    [InlineData("/bin/bash -lc 'git status'", "git status")]
    [InlineData("bash -c 'git status'", "git status")]
    [InlineData("./bash -lc 'git status'", "./bash -lc 'git status'")]
    [InlineData("/repo/bash -lc 'git status'", "/repo/bash -lc 'git status'")]
    public void Only_an_installed_shell_is_looked_through(string command, string asked) => Assert.Equal(asked, CodexShell.Script(command));

    [Theory]
    [InlineData("item/permissions/requestApproval", """ "permissions":{"network":{"enabled":true}} """, """{"permissions":{"network":{"enabled":true}},"scope":"turn"}""", """{"permissions":{},"scope":"turn"}""")]
    [InlineData("item/tool/requestUserInput", """ "questions":[{"id":"q","question":"Tabs?"}] """, """{"answers":{"q":{"answers":["why"]}}}""", """{"answers":{"q":{"answers":["why"]}}}""")]
    [InlineData("mcpServer/elicitation/request", """ "serverName":"s","mode":"form","message":"Who are you?" """, """{"action":"accept","content":{},"_meta":null}""", """{"action":"decline","content":null,"_meta":null}""")]
    public void Each_kind_of_question_takes_its_own_kind_of_answer(string method, string parameters, string yes, string no)
    {
        foreach (var allow in new[] { true, false })
        {
            var driver = Working(sandboxed: false);
            driver.Line(Request("0", method, parameters));

            driver.Do(new Input.Answer(Assert.Single(driver.Events.OfType<AgentEvent.ApprovalAsked>()).ApprovalId, allow, "why"));

            Assert.Equal(allow ? yes : no, Answer(driver));
        }
    }

    [Theory]
    [InlineData(Command, """ "command":"git push" """, """{"decision":"accept"}""")]
    [InlineData("item/fileChange/requestApproval", """ "reason":null """, """{"decision":"accept"}""")]
    [InlineData("mcpServer/elicitation/request", """ "serverName":"s","_meta":{"codex_approval_kind":"mcp_tool_call","tool_name":"ask"} """, """{"action":"accept","content":{},"_meta":null}""")]
    [InlineData("mcpServer/elicitation/request", """ "serverName":"s","message":"Who are you?" """, """{"action":"decline","content":null,"_meta":null}""")]
    [InlineData("item/tool/requestUserInput", """ "questions":[{"id":"q","question":"Tabs?"}] """,
        """{"answers":{"q":{"answers":["Nobody can answer now. Decide yourself and say in your summary what you assumed."]}}}""")]
    public void Inside_the_sandbox_nobody_is_asked(string method, string parameters, string answer)
    {
        var driver = Working(sandboxed: true);

        driver.Line(Request("0", method, parameters));

        Assert.Equal(answer, Answer(driver));
        Assert.Equal(0, driver.Count<AgentEvent.ApprovalAsked>());
    }

    [Theory]
    [InlineData("account/chatgptAuthTokens/refresh")]
    [InlineData("attestation/generate")]
    [InlineData("item/tool/call")]
    [InlineData("execCommandApproval")]
    [InlineData("something/new")]
    public void A_request_that_is_not_offered_gets_the_error_of_the_protocol(string method)
    {
        var driver = Working(sandboxed: true);

        var step = driver.Line(Request("7", method, """ "reason":"x" """));

        Assert.IsType<AgentEvent.Raw>(Assert.Single(step.Events));
        Assert.Equal((7, -32601), ((int)driver.Frames[^1]["id"]!, (int)driver.Frames[^1]["error"]!["code"]!));
    }

    [Fact]
    public void An_interrupt_declines_what_is_open_and_what_is_still_asked()
    {
        var driver = Working(sandboxed: false);
        driver.Line(Request("0", Command, """ "command":"git push" """));

        driver.Do(new Input.Interrupt());
        driver.Line(Request("1", Command, """ "command":"rm x" """));

        Assert.Equal(["turn/interrupt", null, null], driver.Frames.Skip(1).Select(f => (string?)f["method"]));
        Assert.All(driver.Frames.Skip(2), f => Assert.Equal("decline", (string)f["result"]!["decision"]!));
        Assert.Equal("0", Assert.Single(driver.Events.OfType<AgentEvent.ApprovalWithdrawn>()).ApprovalId);
        Assert.Equal(1, driver.Count<AgentEvent.ApprovalAsked>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_question_ends_with_its_turn_or_when_the_server_says_so(bool serverSays)
    {
        var driver = Working(sandboxed: false);
        driver.Line(Request("0", Command, """ "command":"git push" """));

        if (serverSays) driver.Line("""{"method":"serverRequest/resolved","params":{"threadId":"th-1","requestId":0}}""");
        else driver.Line(CodexLines.Completed("t-1", "failed", """{"message":"x"}"""));
        var frames = driver.Frames.Count;
        driver.Do(new Input.Answer("0", Allow: true, null));

        Assert.Equal(frames, driver.Frames.Count);
        Assert.Equal(1, driver.Count<AgentEvent.ApprovalWithdrawn>());
    }

    [Theory]
    [InlineData("/bin/bash -lc 'git status'", "git status")]
    [InlineData("/bin/bash -lc \"git commit -m 'it is \\\"so\\\"'\"", "git commit -m 'it is \"so\"'")]
    [InlineData("bash -c ls", "ls")]
    [InlineData("/bin/bash -lc 'it'\\''s'", "/bin/bash -lc 'it'\\''s'")]
    [InlineData("/bin/bash -lc \"echo $HOME\"", "/bin/bash -lc \"echo $HOME\"")]
    [InlineData("/bin/bash -lc 'a' b", "/bin/bash -lc 'a' b")]
    [InlineData("python3 -c 'print(1)'", "python3 -c 'print(1)'")]
    [InlineData("/bin/bash -lc 'open", "/bin/bash -lc 'open")]
    [InlineData("", "")]
    public void The_script_of_a_shell_is_what_is_asked(string command, string script) => Assert.Equal(script, CodexShell.Script(command));
}
