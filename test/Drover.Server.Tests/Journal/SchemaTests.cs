using System.Text.RegularExpressions;
using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

/// <summary>What must never break is a constraint of the schema.</summary>
public sealed partial class SchemaTests : IDisposable
{
    private readonly TestHome home = new();

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    [Trait("row", "K30")]
    public void The_words_that_columns_allow_are_the_words_of_the_domain()
    {
        var expected = new Dictionary<string, IReadOnlyList<string>>
        {
            ["tickets.stage"] = Words.All<Stage>(),
            ["attempts.worktree_state"] = Words.All<WorktreeState>(),
            ["runs.role"] = Words.All<Role>(),
            ["runs.state"] = Words.All<RunState>(),
            ["runs.containment"] = Words.All<Containment>(),
            ["runs.outcome"] = Words.All<Outcome>(),
            ["runs.class"] = Words.All<FailureClass>(),
            ["runs.fault_outcome"] = Words.All<Outcome>(),
            ["runs.fault_class"] = Words.All<FailureClass>(),
            ["runs.silent_limit"] = Words.All<TimeLimit>(),
            ["runs.successor"] = Words.All<Successor>(),
            ["turns.outcome"] = Words.All<Outcome>(),
            ["turns.class"] = Words.All<FailureClass>(),
            ["steers.mode"] = Words.All<SteerMode>(),
            ["steers.state"] = Words.All<SteerState>(),
            ["approvals.kind"] = Words.All<AskedKind>(),
            ["approvals.state"] = Words.All<ApprovalState>(),
            ["landings.method"] = Words.All<LandMethod>(),
            ["landings.state"] = Words.All<LandingState>(),
            ["landing_approvals.kind"] = Words.All<LandingWord>(),
            ["tokens.kind"] = Words.All<PrincipalKind>(),
            ["logins.purpose"] = Words.All<LoginPurpose>(),
        };

        var tables = Journal.Read(db => db.All($"SELECT name, sql FROM sqlite_master WHERE type = 'table'", row => (Name: row.Text(), Sql: row.Text())));
        var allowed = tables
            .SelectMany(table => ColumnWithWords().Matches(table.Sql).Select(m => (Key: $"{table.Name}.{m.Groups[1].Value}", List: m.Groups[2].Value)))
            .ToDictionary(p => p.Key, p => p.List.Split(',').Select(w => w.Trim().Trim('\'')).ToArray());

        Assert.Equal(expected.Keys.Order(), allowed.Keys.Order());
        Assert.All(expected, pair => Assert.Equal(pair.Value.Order(), allowed[pair.Key].Order()));
    }

    [Fact]
    public void The_rules_that_name_states_in_the_schema_are_those_of_the_domain()
    {
        var sql = string.Join('\n', SchemaStep.Known().Select(step => step.Sql));
        string Quoted<T>(Func<T, bool> of) where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Where(of).Select(v => $"'{v.Word()}'"));

        Assert.Contains($"one_active_writer_per_attempt ON runs (project, attempt) WHERE state <> 'settled' AND role IN ({Quoted<Role>(r => r.Writes())})", sql, StringComparison.Ordinal);
        Assert.Contains($"one_active_run_per_agent ON runs (project, agent) WHERE state <> 'settled' AND role <> {Quoted<Role>(r => r.IsExempt())};", sql, StringComparison.Ordinal);
        Assert.Contains($"one_open_landing_per_attempt ON landings (project, attempt) WHERE state IN ({Quoted<LandingState>(s => s.IsOpen())})", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_has_shipped_is_never_edited() => Assert.Equal(
        [
            "1 projects-and-tickets 12e4d25c378e8652",
            "2 runs ae7adcffe39e3e58",
            "3 events 7d46077718f02dc9",
            "4 landings 872609958cd451dd",
            "5 access 9088d55f46a52271",
            "6 config-in-force ccc505f0fe876d02",
            "7 approvals 486e888529c3636d",
            "8 waits-and-resumes 1f06eecb929836cc",
            "9 usage 06645f14c53336d8",
            "10 forks 5147a5ede23b512f",
            "11 successors 14cc8177edfa4a28",
            "12 board 449af82706c6c830",
        ],
        SchemaStep.Known().Select(step => $"{step.Number} {step.Name} {step.Checksum}"));

    [Fact]
    public void Steps_are_numbered_without_a_gap_into_which_a_later_one_could_come() =>
        Assert.Equal(Enumerable.Range(1, SchemaStep.Known().Count), SchemaStep.Known().Select(step => step.Number));

    [Theory]
    [InlineData("one_active_run_per_role", "coder-2", Role.Reviewer, Role.Reviewer)]
    [InlineData("one_active_writer_per_attempt", "coder-2", Role.Coder, Role.Merger)]
    [InlineData("one_active_run_per_agent", "coder-1", Role.Coder, Role.Reviewer)]
    public async Task A_second_active_run_is_refused_until_the_first_is_settled(string rule, string agent, Role first, Role second)
    {
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run("00000000000000a1", "coder-1", first), Some.Order, "h1");
        });
        void InsertSecond(Tx tx) => RunTable.Insert(tx, Some.Run("00000000000000a2", agent, second), Some.Order, "h2");

        Assert.Contains(Journal.Read(db => db.All($"SELECT name FROM sqlite_master WHERE type = 'index'", row => row.Text())), name => name == rule);
        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, InsertSecond));

        await Journal.Do(Priority.Urgent, tx => RunTable.Settle(tx, new("00000000000000a1"), Stopped));
        await Journal.Do(Priority.Urgent, InsertSecond);
        Assert.Single(Journal.Read(RunTable.Active));
    }

    [Fact]
    public async Task Reviewers_of_different_agents_and_orchestrators_of_one_agent_work_side_by_side()
    {
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run("00000000000000a1", "coder-1", Role.Coder), Some.Order, "h1");
            RunTable.Insert(tx, Some.Run("00000000000000a2", "coder-2", Role.Reviewer), Some.Order, "h2");
            foreach (var n in (int[])[3, 4])
                RunTable.Insert(tx, Some.Run($"00000000000000a{n}", "boss", Role.Orchestrator) with { Attempt = null, Ticket = null }, Some.Order, $"h{n}");
        });

        Assert.Equal(4, Journal.Read(RunTable.Active).Count);
    }

    [Fact]
    [Trait("row", "K4")]
    public async Task One_active_run_works_in_the_projects_own_checkout()
    {
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Bare("00000000000000a1", "coder-1"), Some.Order, "h1");
        });

        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => RunTable.Insert(tx, Bare("00000000000000a2", "coder-2"), Some.Order, "h2")));

        static RunRow Bare(string id, string agent) => Some.Run(id, agent) with { Attempt = null, NoWorktree = true };
    }

    [Fact]
    public async Task A_name_is_free_again_when_its_run_is_removed_and_only_then()
    {
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run("00000000000000a1", name: "mine"), Some.Order, "h1");
            Assert.False(RunTable.Delete(tx, new("00000000000000a1")));
            Assert.True(RunTable.Settle(tx, new("00000000000000a1"), Stopped));
        });
        Task Again() => Journal.Do(Priority.Urgent, tx => RunTable.Insert(tx, Some.Run("00000000000000a2", name: "mine"), Some.Order, "h2"));

        await Assert.ThrowsAsync<ConstraintException>(Again);
        Assert.True(await Journal.Do(Priority.Urgent, tx => RunTable.Delete(tx, new("00000000000000a1"))));
        await Again();

        Assert.Equal("00000000000000a2", Journal.Read(db => RunTable.ByName(db, Some.App, new("mine")))!.Id.Value);
        Assert.Null(Journal.Read(db => RunTable.Get(db, new("00000000000000a1"))));
    }

    [Fact]
    public async Task One_attempt_of_a_ticket_lands_and_a_worktree_belongs_to_one_attempt()
    {
        var second = new AttemptId(Some.App1, 2);
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            Assert.Equal(second, AttemptTable.NextId(tx, Some.App, "APP-1"));
            AttemptTable.Insert(tx, Some.Attempt(second) with { Worktree = "/trees/2" });
            Assert.True(AttemptTable.Land(tx, Some.App, Some.Attempt1));
        });

        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => AttemptTable.Land(tx, Some.App, second)));
        await Assert.ThrowsAsync<ConstraintException>(
            () => Journal.Do(Priority.Urgent, tx => AttemptTable.Insert(tx, Some.Attempt(new(Some.App1, 3)) with { Worktree = "/trees/2" })));
        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => AttemptTable.Insert(tx, Some.Attempt(second))));

        var landed = Journal.Read(db => AttemptTable.Get(db, Some.App, Some.Attempt1))!;
        Assert.Equal("landed", landed.CloseReason);
    }

    [Theory]
    [InlineData("UPDATE runs SET state = 'asleep'")]
    [InlineData("UPDATE runs SET state = 'settled'")]
    [InlineData("UPDATE runs SET outcome = 'succeeded'")]
    [InlineData("UPDATE runs SET pid = 1")]
    [InlineData("UPDATE runs SET ticket = 'APP-99'")]
    [InlineData("UPDATE runs SET attempt = 'APP-1/9'")]
    [InlineData("UPDATE runs SET name = NULL")]
    [InlineData("UPDATE runs SET stop_by = 'human:ann'")]
    [InlineData("UPDATE tickets SET stage = 'somewhere'")]
    [InlineData("UPDATE tickets SET blocked_reason = 'why'")]
    [InlineData("UPDATE tickets SET held_by = 'human:ann'")]
    [InlineData("UPDATE attempts SET worktree_state = 'made'")]
    [InlineData("UPDATE attempts SET landed_at = 1")]
    [InlineData("INSERT INTO projects SELECT 'other', '/x', '/x', prefix, 1, 0, NULL, NULL FROM projects")]
    [InlineData("INSERT INTO projects SELECT 'other', '/x', git_dir, 'OTHER', 1, 0, NULL, NULL FROM projects")]
    [InlineData("DELETE FROM tickets")]
    public async Task A_row_that_contradicts_itself_is_refused(string sql)
    {
        await Journal.Do(Priority.Urgent, tx =>
        {
            Some.Begin(tx);
            RunTable.Insert(tx, Some.Run("00000000000000a1"), Some.Order, "h1");
        });

        await Assert.ThrowsAsync<ConstraintException>(() => Journal.Do(Priority.Urgent, tx => tx.Execute($"{new Sql(sql)}")));
    }

    private static Ending Stopped => new(Outcome.Stopped, null, "enough", Some.Ann);

    [GeneratedRegex(@"CHECK \((\w+) IN \(('[^)]*)\)\)")]
    private static partial Regex ColumnWithWords();
}
