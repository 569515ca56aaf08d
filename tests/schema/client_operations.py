"""One operation for each thing that associates do for their clients; see `test_graph`."""

from datetime import date
from typing import Any

import resolvers.commission
import resolvers.ids
from datasources.store.store import Store
from domain.associates import Associate
from domain.client_tasks import ClientTask, ClientTaskKind
from domain.consents import Purpose
from domain.members import Profile
from domain.viewers import Viewer
from domain.visits import Visit
from resolvers import client_notes, clients
from resolvers.clients import Bind
from resolvers.commission import Completed
from tests.builders import ASSOCIATE, NOW
from tests.people import consent, keep, member, order
from tests.schema.store_operations import mutation
from tests.worlds import asked

CLIENT, STRANGER = "c-1", "c-2"
ID = resolvers.ids.encode("Member", CLIENT)
WHO = "associate { id code name location { code } role isActive weComUserId }"
BINDING = f"member {{ id boundTo {{ since }} lastVisitAt }} {WHO} source since validUntil protectedUntil"
TASK = f"id kind member {{ id }} {WHO} dueOn since note state closedAt result"
VIEW = f"""clientView(member: $id) {{ member {{ id code }} binding {{ {BINDING} }} birthdayInDays
    openPickups {{ id }} tasks {{ {TASK} }} notes(first: 3) {{ text authorCode at }} }}"""
MONEY = "{ amount currencyCode }"
ENTRY = f"kind ground orderCode lineCode units shareBasisPoints amount {MONEY} at isPaid"
STATEMENT = f"""commissionStatement(associate: "a-1", since: "2026-11-01T00:00:00Z", until: "2026-12-01T00:00:00Z") {{
    {WHO} since until accrued {MONEY} clawedBack {MONEY} total {MONEY}
    entries(first: 9) {{ nodes {{ {ENTRY} }} edges {{ cursor }} pageInfo {{ endCursor hasNextPage }} }} }}"""
PAYMENT = f"payment {{ {WHO} until closedAt totals {MONEY} }}"
CLIENTS = f"""myClients(first: 9) {{ nodes {{ {BINDING} }} edges {{ cursor node {{ since }} }}
    pageInfo {{ endCursor hasNextPage }} }}"""

VIEWERS: dict[str, Viewer] = dict.fromkeys(("clientView", "clientTasks", "myClients", "shareTokenCreate"), ASSOCIATE)
OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "associates": (
        '{ associates(location: "SH001") { id code name location { code } role isActive weComUserId } }',
        {},
    ),
    "associateUpsert": mutation(
        "associateUpsert", WHO, {"associate": "a-9", "name": "王敏", "location": "SH001", "role": "MANAGER"}
    ),
    "clientView": (f"query ($id: ID!) {{ {VIEW} }}", {"id": ID}),
    "myClients": (f"{{ {CLIENTS} }}", {}),
    "clientBind": mutation("clientBind", f"client {{ {BINDING} }}", {"code": "C-c-2", "associate": "a-1"}),
    "clientsHandOver": mutation("clientsHandOver", "clients", {"fromAssociate": "a-1", "toAssociate": "a-2"}),
    "memberCheckIn": mutation("memberCheckIn", "member { id }", {"code": "C-c-2", "location": "SH001"}),
    "clientNoteAdd": mutation("clientNoteAdd", "note { text authorCode at }", {"member": ID, "text": "偏爱直筒"}),
    "clientTasks": (f"{{ clientTasks(first: 9) {{ {TASK} }} }}", {}),
    "clientTaskCreate": mutation(
        "clientTaskCreate",
        f"task {{ {TASK} }}",
        {"member": ID, "dueOn": "2026-11-30", "note": "回访", "associate": "a-1"},
    ),
    "clientTaskClose": mutation(
        "clientTaskClose",
        f"task {{ {TASK} }}",
        {"task": resolvers.ids.encode("ClientTask", "t-1"), "state": "DONE", "result": "已到店"},
    ),
    "commissionStatement": (f"{{ {STATEMENT} }}", {}),
    "commissionStatementClose": mutation(
        "commissionStatementClose", PAYMENT, {"associate": "a-1", "until": "2026-11-21T04:00:00Z"}
    ),
    "shareTokenCreate": mutation("shareTokenCreate", f"shareToken {{ code {WHO} validUntil }}", {}),
}


async def plant(store: Store) -> None:
    """Two associates, one with a client who came in and bought, and something to do for them."""
    async with store.work() as work:
        await work.associates.write(Associate("a-1", "李娜", "SH001"))
        await work.associates.write(Associate("a-2", "赵强", "SH002", wecom_user_id="zhaoqiang"))
    await keep(
        store,
        member(CLIENT, profile=Profile("周洁", birthday=date(1990, 11, 24))),
        member(STRANGER, profile=Profile("顾小北")),
    )
    who = asked(store, viewer=ASSOCIATE)
    await clients.bind(who, Bind(f"C-{CLIENT}", "plant"))
    await client_notes.add(who.anew(), client_notes.Add(CLIENT, "喜欢宽松版型", "plant-note"))
    shared = consent(Purpose.SHARE_WITH_ASSOCIATE)
    task = ClientTask("t-1", ClientTaskKind.FOLLOW_UP, CLIENT, "a-1", date(2026, 11, 25), NOW, "新品到店")
    async with store.work() as work:
        await work.clients.came([Visit("SH001", CLIENT, NOW)])
        await work.consents.write({CLIENT: [shared]})
        await work.client_tasks.write(task)
        await resolvers.commission.accrue(work, [Completed(order("co-1", CLIENT, 10_000))], rate_bp=300, now=NOW)
