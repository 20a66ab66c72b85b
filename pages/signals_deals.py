"""Part of the Signals page: deals one by one, confirming them, and what closed ones teach."""

import polars as pl
import streamlit as st

from pages.address import forget_miss, miss, tell_misses
from pages.just_imported import keep_told, tell_kept
from pages.thread_way import thread_button
from pages.view import pick_row, show_view
from pages.work import replan_button
from planning.domain.network import Network
from planning.errors import TaktError
from planning.netting.ladder_steps import standing_since
from planning.present import deal_tables, words
from planning.present.ladder_tables import LadderChoice
from planning.workflows.confirming import Confirmation, draft_confirmation, in_the_way, may_be_confirmed
from planning.workflows.desk import Desk
from planning.workflows.ladder_looks import rates_learned


def draw_deals(desk: Desk, network: Network, choice: LadderChoice) -> None:
    """Deals that may become orders, the one picked to confirm, their steps, and what is learned."""
    made = desk.ladder_steps()
    st.header("Deals that may become orders", anchor=False)
    _tell_confirmed(desk)
    _asked_for(network)
    outlook = desk.outlook()
    lumpy = [] if outlook is None else outlook.net.rent_or_wait["opportunity_id"].to_list()
    view = deal_tables.deals(network, choice, standing_since(made, network.policy.as_of), lumpy)

    def picked(row: int) -> None:
        st.session_state["deal"] = view.frame["opportunity_id"][row]

    pick_row(view, "deals", picked, alt="Deals that may become orders")
    if not view.is_empty:
        st.caption(deal_tables.CONFIRM_HINT)
    _confirmation(desk, network)
    _learned(desk, network, choice, made)


def _asked_for(network: Network) -> None:
    """The deal another page led to is picked, once."""
    asked = st.query_params.pop("deal", None)
    if asked in may_be_confirmed(network):
        st.session_state["deal"] = asked
        forget_miss("deal")
    elif asked:
        miss("deal", deal_tables.not_open(asked))
    tell_misses("deal")


def _confirmation(desk: Desk, network: Network) -> None:
    """The order the picked deal becomes, to be looked over before it is saved."""
    deal = st.session_state.get("deal")
    if deal not in may_be_confirmed(network):
        return
    draft = draft_confirmation(network, deal)
    with st.container(border=True, key="confirmation"):
        st.markdown(f"**Confirm deal {words.plain(deal)}**")
        order = draft if draft.here else _typed(draft)
        if draft.here:
            st.caption(f"Order {words.plain(draft.order_id)} is here already: the deal is won with it.")
        other = deal_tables.differs_from_deal(draft.quantity, order.quantity, draft.due_date, order.due_date)
        if other:
            st.caption(words.plain(other))
        told = in_the_way(network, order)
        if told:
            st.error("\n".join(f"- {words.plain(line)}" for line in told), icon=":material/error:")
        with st.container(horizontal=True):
            st.button(
                "Confirm deal",
                icon=":material/check:",
                key="confirm",
                disabled=bool(told),
                on_click=_confirm,
                args=(desk, order),
            )
            st.button("Leave it open", key="leave", on_click=st.session_state.pop, args=("deal", None))
            thread_button(f"opportunity:{deal}", key="follow-deal")


def _typed(draft: Confirmation) -> Confirmation:
    """The order as the planner wants it; all text, so that nothing typed is made to fit."""
    # What was typed stays, whatever others import meanwhile; the deal as it stands is told beside it.
    key = draft.opportunity_id
    with st.container(horizontal=True):
        order_id = st.text_input("Order number", draft.order_id, key=f"order-{key}")
        quantity = st.text_input("Units", draft.quantity, key=f"units-{key}")
        due = st.date_input("Due", draft.due_date, key=f"due-{key}", format="YYYY-MM-DD")
        price = st.text_input("Price per unit", key=f"price-{key}", placeholder="the product's")
        customer = st.text_input("Customer", key=f"customer-{key}")
    return Confirmation(
        draft.opportunity_id, order_id, due, quantity, price, customer, draft.here, draft.drawn_on
    )


def _confirm(desk: Desk, order: Confirmation) -> None:
    try:
        receipt = desk.confirm_deal(order)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return
    sentence = deal_tables.confirmed(order.opportunity_id, order.order_id.strip())
    keep_told(desk, "confirmed", receipt.batch, sentence)
    st.session_state.pop("deal", None)


def _tell_confirmed(desk: Desk) -> None:
    """What was confirmed last, the way back and the way on, for as long as it is what holds."""
    row = tell_kept(desk, "confirmed", undo_key="unconfirm")
    if row is not None and (desk.is_stale() or desk.plan() is None):
        with row:
            replan_button(desk, first=desk.plan() is None, primary=False)


def _learned(desk: Desk, network: Network, choice: LadderChoice, made: pl.DataFrame) -> None:
    rates = rates_learned(made, network)
    st.header("What closed deals teach", anchor=False)
    view = deal_tables.learned(rates, choice)
    if view.is_empty:
        st.caption(deal_tables.NOTHING_LEARNED)
        return
    show_view(view, "learned", alt="Probabilities entered and learned", rows=10)
    st.button(
        "Adopt learned probabilities",
        icon=":material/school:",
        key="adopt",
        help=deal_tables.ADOPT_HELP,
        on_click=_adopt,
        args=(desk, rates, network.input_hash),
    )
    moved = deal_tables.steps(made, choice)
    with st.expander("Steps of deals", key="steps"):
        if moved.is_empty:
            st.caption(deal_tables.NO_STEPS)
        else:
            show_view(moved, "steps", alt="Steps of deals on the ladder")


def _adopt(desk: Desk, rates: pl.DataFrame, drawn_on: str) -> None:
    try:
        desk.adopt_rates(rates, drawn_on)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
