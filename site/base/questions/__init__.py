"""Questions that editors put together for a form: blocks for the editor, fields for the reader, answers for whoever asked.

A question's id is its block's: it stays when the words change, and is the same in all languages of a page.
"""

from base.questions.blocks import QuestionBlocks, QuestionsField
from base.questions.forms import Given, QuestionsForm
from base.questions.kinds import SENSITIVE_DAYS, Condition, Option, Question, questions_of

__all__ = [
    "SENSITIVE_DAYS",
    "Condition",
    "Given",
    "Option",
    "Question",
    "QuestionBlocks",
    "QuestionsField",
    "QuestionsForm",
    "questions_of",
]
